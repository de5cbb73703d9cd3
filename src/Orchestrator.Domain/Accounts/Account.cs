namespace Orchestrator.Domain.Accounts;

/// <summary>What the time of a job is spent on. Each moment of its life belongs to exactly one account.</summary>
public enum Account
{
    /// <summary>Queued: its first nodes are not granted yet.</summary>
    Waiting,

    /// <summary>
    /// Its nodes are there and nothing is trained yet: the checkpoint is verified and loaded, the ranks start, and the
    /// attempt's first step is not finished.
    /// </summary>
    Launching,

    /// <summary>
    /// Training whose result is in no committed checkpoint yet. It becomes <see cref="Productive"/> or
    /// <see cref="Lost"/>, so that nothing is left in it when the job has ended.
    /// </summary>
    Unsaved,

    /// <summary>
    /// Training whose result was committed in a checkpoint, or was the end of the job. It never falls: a committed
    /// checkpoint that turns out to be damaged takes nothing back.
    /// </summary>
    Productive,

    /// <summary>Training since the newest checkpoint that was thrown away, and that has to be done again.</summary>
    Lost,

    /// <summary>Something had failed, and the job did not know it: from the first evidence to its pause.</summary>
    Detecting,

    /// <summary>The ranks of an attempt are being ended, after a failure, for a move or for good.</summary>
    Stopping,

    /// <summary>A wait before the next attempt, after attempts without progress.</summary>
    BackingOff,

    /// <summary>Waits for replacement nodes.</summary>
    Replacing,
}
