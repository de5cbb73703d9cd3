namespace Orchestrator.Domain.Leases;

/// <summary>A node that a job now holds.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Number">Number of the lease.</param>
/// <param name="Address">Address under which ranks of other hosts reach it.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.LeaseGrant")]
public sealed record LeaseGrant(string Node, long Number, string Address)
{
    /// <summary>HOST:PORT where other agents store and fetch shards of checkpoints; empty: nowhere.</summary>
    [Id(0)] public string ShardAddress { get; init; } = "";

    /// <summary>Its rack; null where its operator names none.</summary>
    [Id(1)] public string? Rack { get; init; }
}
