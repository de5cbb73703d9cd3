namespace Orchestrator.Client;

/// <summary>How an <see cref="OrchestratorClient"/> talks to the control plane.</summary>
public sealed record OrchestratorClientOptions
{
    /// <summary>
    /// Longest time that one unary call may take. Default: 10 s, above the time of the slowest answer (a gang of
    /// hundreds of nodes on a busy control plane) and below the patience of a person. Streams have no deadline.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time to open a connection. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Silence on an open connection after which the client asks whether the other side still lives, and again after
    /// which it gives up. Default: 10 s. Without it a watch would wait for ever for a host that lost its power.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);
}
