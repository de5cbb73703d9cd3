using Orchestrator.Domain.Lifecycles;
using static Orchestrator.Domain.Jobs.JobPhase;
using static Orchestrator.Domain.Jobs.JobTrigger;

namespace Orchestrator.Domain.Jobs;

/// <summary>The life cycle of a job.</summary>
public static class JobLifecycle
{
    /// <summary>Every allowed step and every deadline.</summary>
    public static readonly TransitionTable<JobPhase, JobTrigger> Table = new(
        [
            new(Queued, NodesGranted, Preparing, "the whole gang at once; the attempt rises"),
            new(Queued, CancelAsked, Cancelled, "nothing ran"),
            new(Preparing, Prepared, Launching, "port free, checkpoint verified"),
            new(Preparing, CheckpointRefused, Preparing, "the checkpoint before it is tried"),
            new(Preparing, FailureSeen, Pausing, "a host failed, or did not answer"),
            new(Preparing, CancelAsked, Stopping, "planned stop"),
            new(Launching, RanksStarted, Running, "every process runs"),
            new(Launching, RanksFinished, Succeeded, "a very short job"),
            new(Launching, FailureSeen, Pausing, "a rank or host failed, or did not start"),
            new(Launching, CancelAsked, Stopping, "planned stop"),
            new(Running, RanksFinished, Succeeded, "every rank ended with 0"),
            new(Running, FailureSeen, Pausing, "a rank, device or host failed; or a drain or a rewind, as planned"),
            new(Running, CancelAsked, Stopping, "planned stop"),
            new(Pausing, GangStopped, Preparing, "ladder: relaunch on the same nodes, or a drain's; the attempt rises"),
            new(Pausing, GangStopped, Replacing, "ladder: replace nodes"),
            new(Pausing, GangStopped, BackingOff, "no progress again and again: a wait before either"),
            new(Pausing, GangStopped, Failed, "its own fault, too often without progress"),
            new(Pausing, CancelAsked, Stopping, "planned stop"),
            new(BackingOff, WaitOver, Preparing, "relaunch on the same nodes; the attempt rises"),
            new(BackingOff, WaitOver, Replacing, "replace nodes"),
            new(BackingOff, CancelAsked, Stopping, "planned stop"),
            new(Replacing, NodesGranted, Preparing, "replacements take the vacated ranks; the attempt rises"),
            new(Replacing, NoReplacement, Preparing, "the old nodes still serve; the attempt rises"),
            new(Replacing, CancelAsked, Stopping, "planned stop"),
            new(Stopping, JobTrigger.GangStopped, Cancelled, "no rank is left"),
        ],
        [
            new(Queued, "no limit", "the reason says what it waits for"),
            new(Preparing, "5 min", "Pausing: rank 0's host is replaced"),
            new(Launching, "60 s until every process runs", "Pausing: silent hosts are replaced"),
            new(Running, "no limit", "contact and exits are watched"),
            new(Pausing, "30 s after SIGKILL, or a silent host's lease", "hosts that did not confirm are lost"),
            new(BackingOff, "1, 2, 4 … 60 s", "the next attempt"),
            new(Replacing, "no limit", "the reason says what it waits for"),
            new(Stopping, "grace + 30 s", "hosts that did not confirm are lost"),
            new(Succeeded, "no limit: the end", "kept"),
            new(Failed, "no limit: the end", "kept"),
            new(Cancelled, "no limit: the end", "kept"),
        ]);

    /// <summary>Whether a job in this state has ended.</summary>
    /// <param name="phase">The state.</param>
    /// <returns>True when nothing more will happen.</returns>
    public static bool IsEnded(this JobPhase phase) => phase is Succeeded or Failed or Cancelled;
}
