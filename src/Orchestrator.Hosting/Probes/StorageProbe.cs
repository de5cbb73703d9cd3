using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Domain.Storage;

namespace Orchestrator.Hosting.Probes;

/// <summary>Ready while the storage answers.</summary>
internal sealed class StorageProbe(IReadModel readModel) : IHealthCheck
{
    /// <summary>A kind that nobody stores: the storage answers it without reading a record.</summary>
    private const string NoKind = "probe";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await readModel.ListAsync<object>(NoKind, cancellationToken).WaitAsync(Patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy(
                $"The storage does not answer: {error.Message} Decisions wait until it does; training goes on.");
        }
    }
}
