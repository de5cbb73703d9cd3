using System.Net;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development;

/// <summary>What a new cluster shall be.</summary>
/// <param name="Hosts">How many hosts.</param>
/// <param name="Warm">How many of them are held back for replacements.</param>
/// <param name="Port">Port of the control plane; 0: any free one.</param>
internal sealed record ClusterSize(int Hosts, int Warm, int Port);

/// <summary>Starts the processes of a new cluster.</summary>
internal static class ClusterStart
{
    /// <summary>Host N has the address 127.0.1.N, whose last part ends at 254.</summary>
    private const int MaximumHosts = 254;

    /// <summary>Starts silo and agents, and records them; they are not waited for.</summary>
    /// <exception cref="CliException">A cluster runs there, the port is taken, or a program is missing.</exception>
    public static async Task<ClusterRecord> PerformAsync(
        DataFolder data, ClusterSize size, CliEnvironment environment, CancellationToken cancellationToken)
    {
        Check(size);
        var binaries = BinaryFinder.Find(environment);
        using var turn = await ClusterFile.LockAsync(data, environment.Time, cancellationToken).ConfigureAwait(false);
        RefuseWhereOneRuns(data);

        var ports = FreePorts.Choose(5, Random.Shared);
        var cluster = new ClusterRecord
        {
            Port = size.Port == 0 ? ports[0] : size.Port,
            SiloPort = ports[1],
            OrleansGatewayPort = ports[2],
            PeerPort = ports[3],
            ShardPort = ports[4],
            Warm = size.Warm,
            Binaries = binaries,
            MachineBootId = ProcessTable.MachineBootId(),
            Hosts = Enumerable.Range(1, size.Hosts).Select(number => NewHost(data, number)).ToList(),
        };
        if (!FreePorts.IsFree(cluster.Port))
            throw new CliException(ExitCode.Refused, $"Port {cluster.Port} is taken; choose another --port, or "
                + "0 for any.");

        // Written after each start, so that `dev down` finds whatever an interruption leaves behind.
        ClusterFile.Write(data, cluster);
        cluster = cluster.StartSilo(data);
        ClusterFile.Write(data, cluster);
        foreach (var host in cluster.Hosts)
        {
            host.Files.ClearMemory();
            cluster = cluster.StartAgent(host.Name);
            ClusterFile.Write(data, cluster);
        }

        return cluster;
    }

    private static void Check(ClusterSize size)
    {
        var problems = new List<string>();
        if (size.Hosts is < 1 or > MaximumHosts)
            problems.Add($"--hosts must be from 1 to {MaximumHosts}, not {size.Hosts}.");
        if (size.Warm < 0 || size.Warm > size.Hosts)
            problems.Add($"--warm must be from 0 to the number of hosts, not {size.Warm}.");
        if (size.Port is < 0 or > IPEndPoint.MaxPort)
            problems.Add($"--port must be from 0 to {IPEndPoint.MaxPort}, not {size.Port}.");
        if (problems.Count > 0)
            throw new CliException(ExitCode.BadUsage, string.Join('\n', problems));
    }

    private static void RefuseWhereOneRuns(DataFolder data)
    {
        if (ClusterFile.TryRead(data) is not { } old || ClusterProcesses.All(old, data) is not { Count: > 0 } running)
            return;
        throw new CliException(
            ExitCode.Refused,
            $"A development cluster runs in {data.Root} already ({running.Count} processes, {old.Server}). "
            + "Stop it with `orch dev down`, or choose another folder with --data.");
    }

    private static HostRecord NewHost(DataFolder data, int number) => new()
    {
        Name = $"host{number}",
        Address = $"127.0.1.{number}",
        Folder = Path.Combine(data.Hosts, $"host{number}"),
        BootId = Guid.NewGuid().ToString(),
    };
}
