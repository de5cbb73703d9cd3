using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Gateway.Health;

namespace Orchestrator.Hosting.Probes;

/// <summary>Ready while the storage answers.</summary>
internal sealed class StorageProbe(StorageHealth storage) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await storage.CheckAsync(cancellationToken) is { } problem
            ? HealthCheckResult.Unhealthy(problem.Sentence)
            : HealthCheckResult.Healthy();
}
