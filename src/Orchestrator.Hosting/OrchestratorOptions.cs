using System.Net;
using Orchestrator.Domain.Pools;
using Orchestrator.Storage.Postgres;

namespace Orchestrator.Hosting;

/// <summary>
/// Options of a control plane: embedded with <see cref="DataFolder"/> (one silo, no server beside it), or a cluster of
/// silos with <see cref="Postgres"/>.
/// </summary>
public sealed class OrchestratorOptions
{
    /// <summary>Where agents and clients connect (gRPC, HTTP/2 without TLS).
    /// <value>The default is 127.0.0.1:7070: nobody outside this machine can reach it.</value></summary>
    public IPEndPoint Listen { get; set; } = new(IPAddress.Loopback, 7070);

    /// <summary>
    /// Where probes and Prometheus ask over plain HTTP/1.1: <c>/livez</c>, <c>/readyz</c>, <c>/metrics</c>.
    /// <value>The default is nowhere.</value>
    /// </summary>
    public IPEndPoint? Http { get; set; }

    /// <summary>
    /// Folder of the embedded profile's database; made when missing. <value>Empty in a cluster; no default.</value>
    /// </summary>
    public string DataFolder { get; set; } = "";

    /// <summary>
    /// Npgsql's connection string of the cluster's database, such as
    /// <c>Host=db1;Database=orchestrator;Username=orchestrator</c>. Its schema must be there already.
    /// <value>Empty in the embedded profile; no default.</value>
    /// </summary>
    public string Postgres { get; set; } = "";

    /// <summary>Name of the cluster in its database, the same on all its silos.
    /// <value>The default is "orchestrator".</value></summary>
    public string Cluster { get; set; } = "orchestrator";

    /// <summary>Address under which the other silos of the cluster reach this one.
    /// <value>The default is loopback: all silos on one machine.</value></summary>
    public IPAddress SiloAddress { get; set; } = IPAddress.Loopback;

    /// <summary>
    /// The operator vouches for the network: nobody reaches the ports who must not. Without it nothing but loopback is
    /// listened on, because there is no authentication yet. <value>The default is false.</value>
    /// </summary>
    public bool IsNetworkTrusted { get; set; }

    /// <summary>Free nodes held back from new jobs, for replacements. <value>The default is 0.</value></summary>
    public int Spares { get; set; }

    /// <summary>
    /// Nodes given in place of others within a minute, to all jobs together, at least 1; beyond, a job waits and says
    /// so. <value>The default is 20.</value>
    /// </summary>
    public int ReplacementsPerMinute { get; set; } = ReplacementCap.Default;

    /// <summary>Port between silos. <value>The default is 11111.</value></summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port of Orleans' own client gateway. <value>The default is 30000.</value></summary>
    public int OrleansGatewayPort { get; set; } = 30000;

    internal bool IsCluster => Postgres.Length > 0;

    /// <summary>Every problem of the options.</summary>
    /// <returns>Sentences; empty when they can be used.</returns>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (DataFolder.Length == 0 && !IsCluster)
        {
            problems.Add("--data: the folder of the database is missing; a cluster of silos has --postgres instead.");
        }
        else if (DataFolder.Length > 0 && IsCluster)
        {
            problems.Add("--data and --postgres: one silo keeps its records in one of them.");
        }
        else if (IsCluster && PostgresStorage.ProblemWith(Postgres) is { } problem)
        {
            problems.Add($"--postgres, or ORCHESTRATOR_POSTGRES: this names no database: {problem}");
        }

        if (Spares < 0)
        {
            problems.Add($"--spares: {Spares} must be 0 or more.");
        }

        if (ReplacementsPerMinute < 1)
        {
            problems.Add($"--replacements-per-minute: {ReplacementsPerMinute} must be 1 or more.");
        }

        problems.AddRange(
            from address in new[]
            {
                ("--listen", Listen.Address), ("--silo-address", SiloAddress),
                ("--http", Http?.Address ?? IPAddress.Loopback),
            }
            where !IPAddress.IsLoopback(address.Item2) && !IsNetworkTrusted
            select $"{address.Item1}: {address.Item2} is not a loopback address, and there is no authentication yet; "
                + "where only trusted programs reach it, say so with --trust-network.");
        problems.AddRange(
            from port in new[] { ("--silo-port", SiloPort), ("--orleans-gateway-port", OrleansGatewayPort) }
            where port.Item2 is < 1 or > 65535
            select $"{port.Item1}: {port.Item2} must be 1 to 65535.");
        return problems;
    }
}
