namespace Orchestrator.Domain.Incidents;

/// <summary>What a witness said.</summary>
/// <param name="At">When it reached the control plane.</param>
/// <param name="Witness">The node that says so, or the person who asked for it.</param>
/// <param name="Kind">
/// "contact_lost", "rank_exited", "rank_vanished", "device_failed", "order_refused", "drained" or "rewound".
/// </param>
/// <param name="Detail">What it said.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Evidence")]
public sealed record Evidence(DateTimeOffset At, string Witness, string Kind, string Detail);
