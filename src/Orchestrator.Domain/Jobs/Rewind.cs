using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Jobs;

/// <summary>
/// A person's wish that a job goes on from an earlier checkpoint, until its next attempt fulfils it.
/// </summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="EndsAttempt">
/// The attempt that is stopped for it, as planned; 0 where another cause had ended it.
/// </param>
/// <param name="Owner">Who asked.</param>
/// <param name="Reason">Who asked for what, and why.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Rewind")]
public sealed record Rewind(
    CheckpointId Checkpoint, int EndsAttempt, string Owner, Reason Reason, DateTimeOffset At);

/// <summary>What a person asks for.</summary>
/// <param name="Step">The step of the checkpoint to go on from.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.RewindRequest")]
public sealed record RewindRequest(long Step)
{
    /// <summary>
    /// The attempt that the asker saw: when it is over, nothing more is stopped. Default 0: whichever runs.
    /// </summary>
    [Id(0)] public int Attempt { get; init; }

    /// <summary>Who asks. Default: the operators.</summary>
    [Id(1)] public string Owner { get; init; } = Cordon.Operators;

    /// <summary>Why, in one line. Default: not said.</summary>
    [Id(2)] public string Why { get; init; } = "";
}
