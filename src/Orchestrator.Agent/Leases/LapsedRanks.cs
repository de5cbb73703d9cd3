using System.ComponentModel;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Leases;

/// <summary>
/// Ends ranks whose lease ran out while nobody here could see it: when a whole host was stopped, agent, supervisors and
/// ranks go on together, and by then the control plane may have started the next attempt elsewhere.
/// </summary>
internal sealed class LapsedRanks(ILogger<LapsedRanks> log)
{
    public void End(string jobId, IEnumerable<TrackedRank> ranks)
    {
        foreach (var rank in ranks)
        {
            try
            {
                // Their supervisors may be quicker by now, and say the same.
                if (rank.Folder.MarkLeaseExpired())
                    log.LogWarning(
                        "The lease of {Job} ran out before it could be renewed: {Rank} is ended", jobId, rank.Key);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The reason is worth less than the end.
                log.LogError("The lapse of {Rank} could not be noted: {Reason}", rank.Key, exception.Message);
            }

            TryKill(rank);
        }
    }

    private void TryKill(TrackedRank rank)
    {
        try
        {
            if (rank.Process is { IsAlive: true } process)
                NativeProcess.SignalGroup(process.Pid, NativeProcess.SignalKill);
        }
        catch (Exception exception) when (exception is IOException or Win32Exception)
        {
            // Asked again with the next renewal that is due, and its supervisor does the same.
            log.LogError("{Rank} could not be ended: {Reason}", rank.Key, exception.Message);
        }
    }
}
