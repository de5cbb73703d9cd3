using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using Orchestrator.Gateway;

namespace Orchestrator.Hosting.Probes;

/// <summary>
/// What a load balancer, Kubernetes or Docker asks a silo: <c>/livez</c> (200 while the process answers; a silo that
/// others took for dead ends itself) and <c>/readyz</c> (200 while it can take work, else 503 with the reasons); and
/// what Prometheus asks it: <c>/metrics</c>.
/// </summary>
internal static class ProbeEndpoints
{
    public static IServiceCollection AddProbes(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<MembershipProbe>("membership")
            .AddCheck<StorageProbe>("storage");
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(GatewayExtensions.Meter).AddPrometheusExporter());
        return services;
    }

    public static IEndpointRouteBuilder MapProbes(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPrometheusScrapingEndpoint("/metrics");
        endpoints.MapHealthChecks("/livez", new HealthCheckOptions { Predicate = _ => false });
        endpoints.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = WriteAsync });
        return endpoints;
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var reasons = report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => $"{entry.Key}: {entry.Value.Description}");
        return context.Response.WriteAsync(
            report.Status == HealthStatus.Healthy ? "ready" : $"not ready\n{string.Join('\n', reasons)}");
    }
}
