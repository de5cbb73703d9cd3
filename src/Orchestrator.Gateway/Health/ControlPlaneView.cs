using Google.Protobuf.WellKnownTypes;
using Orchestrator.Gateway.Cluster;
using Orchestrator.Gateway.Mapping;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Health;

/// <summary>The control plane as this silo sees it: silos, storage, and how much of the fleet is heard.</summary>
internal sealed class ControlPlaneView(ISiloStatusOracle silos, StorageHealth storage, FleetContact fleet)
{
    public Proto.ControlPlane Now()
    {
        var (problem, since) = storage.State;
        var (expected, heard) = fleet.Count;
        var view = new Proto.ControlPlane
        {
            IsStorageUp = problem is null,
            StorageSince = since.ToTimestamp(),
            StorageProblem = problem?.ToProto(),
            HostsExpected = (uint)expected,
            HostsHeard = (uint)heard,
        };
        view.Silos.AddRange(silos.GetApproximateSiloStatuses()
            .Where(silo => silo.Value != SiloStatus.Dead)
            .OrderBy(silo => silo.Key)
            .Select(silo => new Proto.Silo
            {
                Address = $"{silo.Key.Endpoint}",
                Status = silo.Value.ToString(),
                IsAnswering = silo.Key.Equals(silos.SiloAddress),
            }));
        return view;
    }
}
