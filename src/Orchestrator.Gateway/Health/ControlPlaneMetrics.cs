using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Gateway.Health;

/// <summary>
/// The state of the control plane as gauges of the meter <c>Orchestrator</c>, the same as in <c>orch status</c>.
/// </summary>
internal sealed class ControlPlaneMetrics : IHostedService
{
    public const string Meter = "Orchestrator";

    public ControlPlaneMetrics(IMeterFactory meters, ControlPlaneView view)
    {
        var meter = meters.Create(Meter);
        meter.CreateObservableGauge(
            "orchestrator_storage_up",
            () => view.Now().IsStorageUp ? 1 : 0,
            description: "1 while the storage answers; at 0 decisions wait, and training goes on.");
        meter.CreateObservableGauge(
            "orchestrator_silos_active",
            () => view.Now().Silos.Count(silo => silo.Status == nameof(SiloStatus.Active)),
            description: "Active silos of the cluster, as this one sees them.");
        meter.CreateObservableGauge(
            "orchestrator_hosts_expected",
            () => (int)view.Now().HostsExpected,
            description: "Hosts whose agents should be in contact.");
        meter.CreateObservableGauge(
            "orchestrator_hosts_heard",
            () => (int)view.Now().HostsHeard,
            description: "Hosts whose agents are heard by any silo.");
    }

    // The gauges are asked for; being made with the host is all there is to do.
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
