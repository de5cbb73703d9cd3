namespace Orchestrator.Domain.Leases;

/// <summary>What a job wants of one of its nodes. Each node holds one; a newer one replaces it.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.NodeOrder")]
public sealed record NodeOrder
{
    /// <summary>The same order has the same id, however often it is given.</summary>
    [Id(0)] public required string OperationId { get; init; }

    /// <summary>The job that orders.</summary>
    [Id(1)] public required string Job { get; init; }

    /// <summary>The lease under which it orders.</summary>
    [Id(2)] public required long LeaseNumber { get; init; }

    /// <summary>The attempt it is about.</summary>
    [Id(3)] public required int Attempt { get; init; }

    /// <summary>What to do.</summary>
    [Id(4)] public required OrderBody Body { get; init; }
}
