using Grpc.Net.Client;
using Orchestrator.Agent.Options;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Control;

/// <summary>The silos of the control plane, and which is tried next: the one after the last that failed.</summary>
/// <remarks>Each agent begins somewhere, so that a fleet spreads over the silos.</remarks>
internal sealed class SiloChoice(AgentOptions options, Random random) : IDisposable
{
    private readonly GrpcChannel?[] _channels = new GrpcChannel?[options.Silos.Count];
    private int _current = random.Next(options.Silos.Count);

    /// <summary>How many there are.</summary>
    public int Count => options.Silos.Count;

    /// <summary>Its address.</summary>
    public Uri Address => options.Silos[_current];

    /// <summary>Reaches it; a connection opens with the first call.</summary>
    public AgentGateway.AgentGatewayClient Client => new(_channels[_current] ??= Open(Address));

    public void MoveOn() => _current = (_current + 1) % Count;

    public void Dispose()
    {
        foreach (var channel in _channels)
            channel?.Dispose();
    }

    private static GrpcChannel Open(Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = AgentLimits.KeepAlive,
            KeepAlivePingDelay = AgentLimits.KeepAlive,
            KeepAlivePingTimeout = AgentLimits.KeepAlive,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = AgentLimits.LargestMessageBytes,
    });
}
