using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Jobs;

/// <summary>Whether a member of the gang keeps its place.</summary>
public enum Replacement
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>Another node would be better; it serves if there is none.</summary>
    Preferred,

    /// <summary>It cannot serve any more.</summary>
    Required,
}

/// <summary>One node of a job's gang.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.GangMember")]
public sealed record GangMember
{
    /// <summary>Code of <see cref="Overdue"/> for a prepare or a launch.</summary>
    internal const string LateCode = "order_overdue";

    /// <summary>Code of <see cref="Overdue"/> for a stop.</summary>
    internal const string StopOverdueCode = "stop_overdue";

    /// <summary>Position in the gang, from 0: it decides the rank numbers, and a replacement takes it over.</summary>
    [Id(0)] public required int NodeRank { get; init; }

    /// <summary>The node.</summary>
    [Id(1)] public required string Node { get; init; }

    /// <summary>The job's lease on it.</summary>
    [Id(2)] public required long LeaseNumber { get; init; }

    /// <summary>Address under which ranks of other hosts reach it.</summary>
    [Id(3)] public required string Address { get; init; }

    /// <summary>The newest report of the node; null before the first.</summary>
    [Id(4)] public LeaseReport? Report { get; init; }

    /// <summary>Whether it keeps its place.</summary>
    [Id(5)] public Replacement Replacement { get; init; }

    /// <summary>
    /// The first step seen to end after contact was lost; null before it, and while there is contact.
    /// </summary>
    [Id(6)] public long? StepAtContactLoss { get; init; }

    /// <summary>
    /// An order of this attempt that it refused or did not carry out in time; null when there is none.
    /// </summary>
    [Id(7)] public Reason? Overdue { get; init; }

    /// <summary>
    /// What kept its node from work during this attempt, although it may be over; null when nothing did.
    /// </summary>
    [Id(8)] public Reason? Fault { get; init; }

    /// <summary>Its lease goes back already; it only keeps the place for its replacement.</summary>
    [Id(9)] public bool IsGivenBack { get; init; }

    /// <summary>Its planned move to another node; null when there is none.</summary>
    [Id(10)] public Relocation? Relocation { get; init; }

    /// <summary>What its move waits for; null when it does not wait.</summary>
    [Id(11)] public Reason? RelocationWait { get; init; }

    /// <summary>
    /// When contact with its agent was lost, however often training vouched for it since; null while there is contact.
    /// </summary>
    [Id(12)] public DateTimeOffset? SilentSince { get; init; }

    /// <summary>HOST:PORT where other agents store and fetch shards of checkpoints; empty: nowhere.</summary>
    [Id(13)] public string ShardAddress { get; init; } = "";

    /// <summary>Its rack; null where its operator names none.</summary>
    [Id(14)] public string? Rack { get; init; }

    /// <summary>Its lease.</summary>
    public HeldLease Held => new(Node, LeaseNumber);

    /// <summary>The lease of the node that takes its place; null when there is none.</summary>
    internal HeldLease? SuccessorLease =>
        Relocation?.Successor is { } successor ? new HeldLease(successor.Node, successor.Number) : null;

    /// <summary>
    /// It did not carry out a prepare or a launch in time, which a busy host may do better the next time.
    /// </summary>
    public bool IsLate => Overdue?.Code == LateCode;

    /// <summary>It did not end its ranks in time.</summary>
    public bool IsStopOverdue => Overdue?.Code == StopOverdueCode;

    /// <summary>Its node is lost, or kept from work by a fault.</summary>
    public bool IsUnfit => Report is { } report
        && (report.IsRevoked || report.Phase is NodePhase.Quarantined or NodePhase.Repairing or NodePhase.Lost);

    /// <summary>Contact with its agent is lost, and nothing more is known.</summary>
    public bool IsSilent => Report is { IsConnected: false, IsRevoked: false };

    /// <summary>What it could not restore for an attempt; null when nothing failed.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>The fault.</returns>
    public RestoreFault? RestoreFault(int attempt) =>
        Report?.RestoreFault is { } fault && fault.Attempt == attempt ? fault : null;

    /// <summary>No process of the attempt is left on it, as far as can be known.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>True when confirmed, or when the host is lost.</returns>
    public bool IsStopped(int attempt) =>
        Report is { } report && (report.IsRevoked || report.StoppedAttempt >= attempt);
}
