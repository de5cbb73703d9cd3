using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Gateway.Agents;
using Orchestrator.Gateway.Cluster;
using Orchestrator.Gateway.Control;
using Orchestrator.Gateway.Events;
using Orchestrator.Gateway.Health;
using Orchestrator.Gateway.Progress;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Gateway;

/// <summary>Adds the gRPC services to a silo's host.</summary>
public static class GatewayExtensions
{
    /// <summary>
    /// A hello carries every rank of a host with its last words: 128 ranks of 4 KiB, with room to spare.
    /// </summary>
    private const int MaxMessageBytes = 16 * 1024 * 1024;

    /// <summary>Name of the meter whose instruments say how the control plane is.</summary>
    public const string Meter = ControlPlaneMetrics.Meter;

    /// <summary>Registers the services. Calling it again changes nothing.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddOrchestratorGateway(this IServiceCollection services)
    {
        services.AddGrpc(options => options.MaxReceiveMessageSize = MaxMessageBytes)
            .AddServiceOptions<ControlService>(options => options.Interceptors.Add<StorageErrors>());
        services.AddGrainService<SiloBus>();
        services.TryAddSingleton<SiloBusClient>();
        services.TryAddSingleton<SiloNewsOutbox>();
        services.AddHostedService<SiloNewsRelay>();
        services.TryAddSingleton<FleetContact>();
        services.TryAddSingleton<IFleetContact>(provider => provider.GetRequiredService<FleetContact>());
        services.TryAddSingleton<EventJournal>();
        services.TryAddSingleton<EventStream>();
        services.TryAddSingleton<ChangeFeed>();
        services.TryAddSingleton<IChangeFeed>(provider => provider.GetRequiredService<ChangeFeed>());
        services.TryAddSingleton<ProgressBoard>();
        services.TryAddSingleton<IProgressBoard>(provider => provider.GetRequiredService<ProgressBoard>());
        services.TryAddSingleton<ConnectionTable>();
        services.TryAddSingleton<PeerDirectory>();
        services.AddHostedService(provider => provider.GetRequiredService<PeerDirectory>());
        services.TryAddSingleton<NodeViews>();
        services.TryAddSingleton<Watches>();
        services.TryAddSingleton<LogReader>();
        services.TryAddSingleton<SubmissionPlanner>();
        services.TryAddSingleton<StoreAsker>();
        services.TryAddSingleton<JobSubmission>();
        services.TryAddSingleton<StorageHealth>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageHealth>());
        services.TryAddSingleton<ControlPlaneView>();
        services.AddMetrics();
        services.AddHostedService<ControlPlaneMetrics>();
        services.AddOptions<FleetOptions>();
        return services;
    }

    /// <summary>Maps the agent gateway and the control API.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <returns>The same endpoints.</returns>
    public static IEndpointRouteBuilder MapOrchestratorGateway(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<AgentGatewayService>();
        endpoints.MapGrpcService<ControlService>();
        return endpoints;
    }
}
