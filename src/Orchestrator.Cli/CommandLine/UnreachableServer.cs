using Orchestrator.Cli.Development;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.CommandLine;

/// <summary>Says which address nobody answers at, where it came from, and what to do.</summary>
internal static class UnreachableServer
{
    /// <summary>The whole message.</summary>
    /// <param name="server">The address that was tried.</param>
    /// <param name="data">Folder of the development cluster.</param>
    /// <param name="isDefaultData">The folder need not be named to be found.</param>
    public static string Sentence(ServerChoice server, DataFolder data, bool isDefaultData)
    {
        var places = server.Addresses.Select(address => address.GetLeftPart(UriPartial.Authority));
        var tried = $"No control plane answers at {string.Join(" or ", places)} (from {server.Source}).";
        var option = isDefaultData ? "" : $" --data {data.Root}";
        return server.Cluster is { } cluster
            ? $"{tried}\n{Cluster(cluster, data, option)}"
            : $"{tried}\nStart a cluster on this machine with `orch dev up`, or name another address with --server.";
    }

    private static string Cluster(ClusterRecord cluster, DataFolder data, string option)
    {
        if (ProcessTable.IsRunning(cluster.Silo))
        {
            return $"Its silo runs (pid {cluster.Silo!.Pid}) and does not answer; {data.SiloLog} may say why. "
                + $"`orch dev kill-silo{option}` and `orch dev start-silo{option}` start it anew.";
        }

        var hosts = cluster.Hosts.Count(host => ProcessTable.IsRunning(host.Agent));
        if (hosts > 0)
        {
            return $"Its silo does not run, while {hosts} of {cluster.Hosts.Count} hosts go on: "
                + $"`orch dev start-silo{option}` starts it again.";
        }

        return cluster.Silo is null
            ? $"That cluster is down: `orch dev up{option}` starts it again with its data."
            : "That record is stale: silo and hosts of this cluster were killed without `orch dev down`. "
                + $"`orch dev up{option}` starts it again with its data; `orch dev down{option}` tidies up.";
    }
}
