using System.Net;
using Orchestrator.Agent.Options;

namespace Orchestrator.Agent.Peers;

/// <summary>The agent's door for other agents, beside the one for its own ranks.</summary>
internal static class PeerListener
{
    /// <summary>Where other agents reach a port of this one; empty: nowhere.</summary>
    public static string AddressOf(AgentOptions options, int port) =>
        port == 0 ? ""
        : IPAddress.TryParse(options.Address, out var address) ? new IPEndPoint(address, port).ToString()
        : $"{options.Address}:{port}";

    /// <summary>What to listen on: the address that ranks of other hosts use, and no other.</summary>
    public static async Task<IReadOnlyList<IPEndPoint>> AddressesAsync(AgentOptions options, int port) => port == 0
        ? []
        : [.. (await Dns.GetHostAddressesAsync(options.Address)).Select(address => new IPEndPoint(address, port))];

    /// <summary>Serves an endpoint to what comes by a Unix socket only.</summary>
    public static void RequireUnixSocket(this GrpcServiceEndpointConventionBuilder endpoints) =>
        endpoints.Add(endpoint =>
        {
            var serve = endpoint.RequestDelegate;
            endpoint.RequestDelegate = context => context.Connection.RemoteIpAddress is null && serve is not null
                ? serve(context)
                : Task.FromException(new BadHttpRequestException("This is served to ranks of this host only."));
        });
}
