using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development;

/// <summary>Which processes belong to a cluster, now.</summary>
internal static class ClusterProcesses
{
    /// <summary>Processes of one host: whatever carries its marker, and its agent by record.</summary>
    public static List<int> OfHost(HostRecord host) =>
        WithRecorded(ProcessTable.WithEnvironment(Markers.Of(host)), host.Agent);

    /// <summary>The agent of one host alone; empty while it does not run.</summary>
    public static List<int> OfAgent(HostRecord host) => WithRecorded([], host.Agent);

    public static List<int> OfSilo(ClusterRecord cluster, DataFolder data) =>
        WithRecorded(ProcessTable.WithEnvironment(Markers.OfSilo(data)), cluster.Silo);

    public static List<int> All(ClusterRecord cluster, DataFolder data) =>
        cluster.Hosts.SelectMany(OfHost).Concat(OfSilo(cluster, data)).Distinct().ToList();

    private static List<int> WithRecorded(List<int> found, ProcessIdentity? recorded)
    {
        // A pid from the record counts only while the same process still has it.
        if (recorded is not null && ProcessTable.IsRunning(recorded) && !found.Contains(recorded.Pid))
            found.Add(recorded.Pid);
        return found;
    }
}
