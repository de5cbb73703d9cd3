using System.Net;
using Orchestrator.Storage;
using Orleans.Configuration;

namespace Orchestrator.Hosting;

/// <summary>How a silo finds the others, and where it keeps its records.</summary>
internal static class SiloProfiles
{
    /// <summary>The embedded profile: one silo, one folder.</summary>
    public static ISiloBuilder StandAlone(this ISiloBuilder silo, OrchestratorOptions options) => silo
        .UseLocalhostClustering(
            options.SiloPort, options.OrleansGatewayPort, new IPEndPoint(IPAddress.Loopback, options.SiloPort))
        .AddOrchestratorStorage(new StorageOptions { DataFolder = options.DataFolder });

    /// <summary>The cluster profile: any number of silos over one PostgreSQL database.</summary>
    public static ISiloBuilder JoinCluster(this ISiloBuilder silo, OrchestratorOptions options) => silo
        .Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = options.Cluster)
        .ConfigureEndpoints(options.SiloAddress, options.SiloPort, options.OrleansGatewayPort)
        .AddOrchestratorPostgres(options.Postgres)
        .Configure<ClusterMembershipOptions>(Tune);

    /// <summary>
    /// A dead silo holds up every grain that lived on it, so two missed probes a second apart are enough; a silo that
    /// was only slow ends itself and is started again, while agents and clients move to another. The signs of life in
    /// the table are what a silo that returns alone goes by, or one that outlived the others: whoever gave none for
    /// longer than three of them has no vote. Until then hosts whose grains were there are out of contact, and that
    /// must be over well within a lease.
    /// </summary>
    private static void Tune(ClusterMembershipOptions members)
    {
        members.ProbeTimeout = TimeSpan.FromSeconds(1);
        members.NumMissedProbesLimit = 2;
        // Whatever the probes say, Orleans does not count a silo as dead until nothing came from it for this long times
        // the missed probes. With its default, four times the probe's, a frozen silo was found after eight seconds, and
        // hosts whose grains lived on it were out of contact for longer than a lease.
        members.MaxProbeTimeout = TimeSpan.FromSeconds(1.5);
        members.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
        members.NumMissedTableIAmAliveLimit = 3;
        members.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        members.DefunctSiloExpiration = TimeSpan.FromDays(1);
        members.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
    }
}
