using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development;

/// <summary>Stops everything of a cluster, and nothing else.</summary>
internal static class ClusterStop
{
    /// <summary>Time for a silo to put its grains away, and for agents to close their streams.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Ends all processes and forgets them in the record.</summary>
    /// <returns>How many processes there were.</returns>
    /// <exception cref="CliException">Something does not die.</exception>
    public static async Task<int> PerformAsync(
        DataFolder data, TimeProvider time, CancellationToken cancellationToken)
    {
        using var turn = await ClusterFile.LockAsync(data, time, cancellationToken).ConfigureAwait(false);
        var cluster = ClusterFile.Read(data);
        var ended = new HashSet<int>();
        IReadOnlyList<int> Find()
        {
            var found = ClusterProcesses.All(cluster, data);
            ended.UnionWith(found);
            return found;
        }

        // What is frozen would not hear a SIGTERM, and thawing it would let it act once more.
        foreach (var pid in Find().Where(ProcessTable.IsStopped))
            Signals.Send(pid, Signals.Kill);
        await ProcessEnd.SignalUntilGoneAsync(Find, Signals.Terminate, Grace, time, cancellationToken)
            .ConfigureAwait(false);
        var left = await ProcessEnd.SignalUntilGoneAsync(Find, Signals.Kill, Patience, time, cancellationToken)
            .ConfigureAwait(false);
        if (left.Count > 0)
        {
            throw new CliException(
                ExitCode.Failed,
                $"Processes {string.Join(", ", left)} are still there {Patience.TotalSeconds:0} s after SIGKILL.");
        }

        var hosts = cluster.Hosts.Select(host => host with { Agent = null }).ToList();
        ClusterFile.Write(data, cluster with { Silo = null, Hosts = hosts });
        return ended.Count;
    }
}
