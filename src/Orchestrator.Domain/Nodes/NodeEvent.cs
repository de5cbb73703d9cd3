using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Nodes;

/// <summary>Something that an agent saw.</summary>
/// <param name="At">When it reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.NodeEvent")]
public abstract record NodeEvent(DateTimeOffset At);

/// <summary>What became of an order.</summary>
/// <param name="OperationId">The order's id.</param>
/// <param name="Refusal">Why it was refused; null when accepted.</param>
/// <param name="At">When it reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.OrderAnswered")]
public sealed record OrderAnswered(string OperationId, Reason? Refusal, DateTimeOffset At) : NodeEvent(At);

/// <summary>The port is free and the checkpoint was read.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Port">The port.</param>
/// <param name="CheckpointFault">What is wrong with the checkpoint; null when nothing is.</param>
/// <param name="At">When it reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.AttemptPrepared")]
public sealed record AttemptPrepared(string Job, int Attempt, int Port, Reason? CheckpointFault, DateTimeOffset At)
    : NodeEvent(At);

/// <summary>A rank's process runs.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Rank">The rank.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="At">When it reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.RankStarted")]
public sealed record RankStarted(string Job, int Attempt, int Rank, int Pid, DateTimeOffset At) : NodeEvent(At);

/// <summary>A rank's process ended.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Rank">The rank.</param>
/// <param name="Exit">How.</param>
/// <param name="HighestStep">Highest step it reported.</param>
/// <param name="At">When it reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.RankExited")]
public sealed record RankExited(string Job, int Attempt, int Rank, RankExit Exit, long HighestStep, DateTimeOffset At)
    : NodeEvent(At);

/// <summary>A rank finished its first step of the attempt.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Rank">The rank.</param>
/// <param name="Step">The step.</param>
/// <param name="FinishedAt">When it was finished: arrival less the age that the agent measured.</param>
/// <param name="At">When it reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.FirstStepFinished")]
public sealed record FirstStepFinished(
    string Job, int Attempt, int Rank, long Step, DateTimeOffset FinishedAt, DateTimeOffset At) : NodeEvent(At);

/// <summary>A shard is written, synced and read back.</summary>
/// <param name="Job">The job.</param>
/// <param name="Report">The shard.</param>
/// <param name="At">When it reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.ShardStored")]
public sealed record ShardStored(string Job, ShardReport Report, DateTimeOffset At) : NodeEvent(At);

/// <summary>A shard that the attempt resumes from is in no tier as its manifest has it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Fault">Which, and what is wrong with it.</param>
/// <param name="At">When it reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.RestoreFailed")]
public sealed record RestoreFailed(string Job, RestoreFault Fault, DateTimeOffset At) : NodeEvent(At);

/// <summary>No process of this attempt or an earlier one is left on the host.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="At">When it reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.GangStopped")]
public sealed record GangStopped(string Job, int Attempt, DateTimeOffset At) : NodeEvent(At);
