using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development;

/// <summary>Starts the silo and the agents of a cluster with the command lines that they understand.</summary>
internal static class ClusterPrograms
{
    /// <summary>Starts the silo; the result is the record with its process in it.</summary>
    public static ClusterRecord StartSilo(this ClusterRecord cluster, DataFolder data)
    {
        Directory.CreateDirectory(data.Silo);
        var process = DetachedProcess.Start(
            cluster.Binaries.Silo,
            [
                "--listen", $"127.0.0.1:{cluster.Port}",
                "--data", data.Silo,
                "--spares", $"{cluster.Warm}",
                "--silo-port", $"{cluster.SiloPort}",
                "--orleans-gateway-port", $"{cluster.OrleansGatewayPort}",
            ],
            new Dictionary<string, string?>
            {
                [Markers.SiloFolder] = data.Silo,
                // orch itself may run on one of the hosts; the silo does not.
                [Markers.HostFolder] = null,
                [Markers.BootId] = null,
            },
            data.Silo,
            data.SiloLog);
        return cluster with { Silo = process };
    }

    /// <summary>Starts the agent of one host; the result is the record with its process in it.</summary>
    public static ClusterRecord StartAgent(this ClusterRecord cluster, string hostName)
    {
        var host = cluster.Host(hostName);
        host.Files.Create();
        var process = DetachedProcess.Start(
            cluster.Binaries.Agent,
            [
                "--name", host.Name,
                "--silo", cluster.Server,
                "--state", host.Files.State,
                "--memory", host.Files.Memory,
                "--address", host.Address,
                "--peer-port", $"{cluster.PeerPort}",
                "--shard-port", $"{cluster.ShardPort}",
                "--virtual-gpus", "1",
            ],
            new Dictionary<string, string?>
            {
                [Markers.HostFolder] = host.Folder,
                [Markers.BootId] = host.BootId,
                [Markers.SiloFolder] = null,
            },
            host.Folder,
            host.Files.Log);
        File.WriteAllText(host.Files.ProcessIdFile, $"{process.Pid}\n");
        return cluster.With(host with { Agent = process });
    }
}
