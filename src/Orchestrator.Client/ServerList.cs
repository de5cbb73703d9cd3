using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Client;

/// <summary>A channel to whichever silo of a cluster answers.</summary>
internal static class ServerList
{
    // Every call may be repeated: a submission carries its own key, and the others change nothing a second time.
    private const int Attempts = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<Uri> Check(IReadOnlyList<Uri> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        if (servers.Count == 0)
        {
            throw new ArgumentException("The address of a control plane is missing.", nameof(servers));
        }

        foreach (var server in servers)
        {
            ArgumentNullException.ThrowIfNull(server, nameof(servers));
            if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https"))
            {
                throw new ArgumentException(
                    $"'{server}' is not an address of a control plane; use http://HOST:PORT or https://HOST:PORT.",
                    nameof(servers));
            }
        }

        return servers.Select(server => server.Scheme).Distinct().Count() == 1
            ? [.. servers]
            : throw new ArgumentException("The addresses must be all http or all https.", nameof(servers));
    }

    public static GrpcChannel Open(IReadOnlyList<Uri> servers, SocketsHttpHandler handler)
    {
        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true };
        if (servers.Count == 1)
        {
            return GrpcChannel.ForAddress(servers[0], options);
        }

        var addresses = new StaticResolverFactory(
            _ => servers.Select(server => new BalancerAddress(server.Host, server.Port)));
        options.ServiceProvider = new ServiceCollection().AddSingleton<ResolverFactory>(addresses)
            .BuildServiceProvider();
        options.Credentials = servers[0].Scheme == "https" ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        options.ServiceConfig = new ServiceConfig
        {
            LoadBalancingConfigs = { new PickFirstConfig() },
            MethodConfigs = { new MethodConfig { Names = { MethodName.Default }, RetryPolicy = Retry() } },
        };
        return GrpcChannel.ForAddress("static:///control-plane", options);
    }

    private static RetryPolicy Retry() => new()
    {
        MaxAttempts = Attempts,
        InitialBackoff = FirstPause,
        MaxBackoff = LongestPause,
        BackoffMultiplier = 2,
        RetryableStatusCodes = { StatusCode.Unavailable },
    };
}
