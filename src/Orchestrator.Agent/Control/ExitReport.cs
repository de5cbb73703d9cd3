using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Control;

/// <summary>How the end of a rank is told to the control plane.</summary>
internal static class ExitReport
{
    public static RankExit Of(TrackedRank rank, RankOutcome end) => new()
    {
        Code = (uint)end.Code,
        Signal = (uint)end.Signal,
        LastLines = LastLines.Of(rank.Folder),
        WasStopped = end.WasStopped,
        LeaseExpired = end.LeaseExpired,
        AgeMs = BootClock.AgeMilliseconds(end.At),
    };

    public static AgentEvent EventOf(TrackedRank rank, RankOutcome end) => new()
    {
        RankExited = new RankExited
        {
            JobId = rank.Key.JobId,
            Attempt = rank.Key.Attempt,
            Rank = rank.Key.Rank,
            Exit = Of(rank, end),
            HighestStep = rank.Progress.View.HighestStep,
        },
    };
}
