using System.ComponentModel;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Standbys;

/// <summary>Ends standbys, and clears away those that have ended.</summary>
internal sealed class StandbyEnds(StandbyTable table, TimeProvider time, ILogger<StandbyEnds> log)
{
    private readonly Lock _gate = new();

    /// <summary>Lets go of a standby, unless it is becoming a rank.</summary>
    public void End(Standby standby, string reason)
    {
        if (!table.TryLetGo(standby, StandbyFate.Open))
            return;
        log.LogInformation("Ends {Standby}: {Reason}", standby, reason);
        Kill(standby);
    }

    public void EndAll(string jobId, string reason)
    {
        foreach (var standby in table.OfJob(jobId))
            End(standby, reason);
    }

    /// <summary>Ends a standby that was taken and could not be made a rank.</summary>
    public void Drop(Standby standby, string reason)
    {
        table.TryLetGo(standby, StandbyFate.Taken);
        log.LogWarning("Ends {Standby}: {Reason}", standby, reason);
        Kill(standby);
    }

    /// <summary>Waits until no standby of the job is left.</summary>
    /// <exception cref="IOException">What became of a standby cannot be read.</exception>
    public async Task EndedAsync(string jobId, CancellationToken cancellationToken)
    {
        while (table.OfJob(jobId).Where(IsEnding).Any(standby => !TryClearAway(standby)))
            await Task.Delay(AgentLimits.StandbyEndPoll, time, cancellationToken);
    }

    /// <summary>Removes a standby that is gone; one that should be gone gets its signal again.</summary>
    /// <returns>False while it is there.</returns>
    public bool TryClearAway(Standby standby)
    {
        // One at a time: a process id says nothing any more once its exit status was taken.
        lock (_gate)
        {
            if (!table.OfJob(standby.JobId).Contains(standby))
                return true;
            if (standby.Supervisor is not { } supervisor || !NativeProcess.Reap(supervisor))
            {
                if (IsEnding(standby))
                    Kill(standby);
                return false;
            }

            table.Remove(standby);
        }

        standby.Dispose();
        Delete(standby.Folder);
        return true;
    }

    /// <summary>Ends what an earlier agent left in a folder; false while it is there.</summary>
    public bool TryClearAway(RankFolder left)
    {
        var isThere = left.ReadSupervisor() is { } supervisor && ProcessTable.HasArgument(supervisor, left.Path);
        if (isThere)
            Kill(left);
        else
            Delete(left);
        return !isThere;
    }

    private static bool IsEnding(Standby standby) => standby.Fate == StandbyFate.Ending;

    private void Kill(Standby standby)
    {
        standby.Dispose();
        Kill(standby.Folder);
    }

    private void Kill(RankFolder folder)
    {
        try
        {
            if (folder.ReadProcess() is { IsAlive: true } process)
                NativeProcess.SignalGroup(process.Pid, NativeProcess.SignalKill);
        }
        catch (Exception exception) when (exception is IOException or Win32Exception)
        {
            // It is asked again, and the end of its lease ends it at the latest.
            log.LogError("{Folder} could not be ended: {Reason}", folder.Path, exception.Message);
        }
    }

    private void Delete(RankFolder folder)
    {
        try
        {
            Directory.Delete(folder.Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A few small files; the next agent tries again.
            log.LogWarning("{Folder} could not be deleted: {Reason}", folder.Path, exception.Message);
        }
    }
}
