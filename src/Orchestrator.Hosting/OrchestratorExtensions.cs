using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orchestrator.Gateway;
using Orchestrator.Grains.Silo;
using Orchestrator.Hosting.Probes;
using Orleans.Configuration;

namespace Orchestrator.Hosting;

/// <summary>Puts a control plane into any ASP.NET host.</summary>
public static class OrchestratorExtensions
{
    /// <summary>
    /// A stuck call is an unknown outcome either way; this bounds how long a turn can be held up by one.
    /// </summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds a control plane: grains, storage in a folder or a database, gateway.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="options">Where it listens and stores.</param>
    /// <returns>The same host.</returns>
    /// <exception cref="ArgumentException">The options have problems; the message lists all of them.</exception>
    public static WebApplicationBuilder AddOrchestrator(this WebApplicationBuilder builder, OrchestratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(options));
        }

        // SQLite blocks a thread per call; with the pool's minimum of one per core the gateway would starve.
        ThreadPool.SetMinThreads(workerThreads: 16, completionPortThreads: 16);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Listen(options.Listen, listen => listen.Protocols = HttpProtocols.Http2);
            if (options.Http is { } http)
            {
                kestrel.Listen(http, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new SteadyTimeProvider()));
        builder.Services.AddOrchestratorGateway();
        builder.Services.Configure<FleetOptions>(fleet =>
            (fleet.Spares, fleet.ReplacementsPerMinute) = (options.Spares, options.ReplacementsPerMinute));
        builder.UseOrleans(silo => (options.IsCluster ? silo.JoinCluster(options) : silo.StandAlone(options))
            .Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout));
        // After the silo: hosted services start in the order of their registration.
        builder.Services.AddSingleton<SiloShare>();
        builder.Services.AddHostedService<RecordWaker>();
        builder.Services.AddProbes();
        return builder;
    }

    /// <summary>Maps the agent gateway, the control API, <c>/livez</c>, <c>/readyz</c> and <c>/metrics</c>.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <returns>The same endpoints.</returns>
    public static IEndpointRouteBuilder MapOrchestrator(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapOrchestratorGateway().MapProbes();
}
