using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Hosting.Probes;

/// <summary>Ready while this silo is one of the cluster's active ones, and not about to stop.</summary>
internal sealed class MembershipProbe(ISiloStatusOracle silos, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("This silo is stopping.")
        : silos.CurrentStatus == SiloStatus.Active ? HealthCheckResult.Healthy()
        : HealthCheckResult.Unhealthy($"This silo is {silos.CurrentStatus}; it takes work when it is Active."));
}
