using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development;

/// <summary>Which processes of a host a command is about.</summary>
/// <param name="Word">"host" or "agent", as in the names of the commands.</param>
/// <param name="Find">The processes, now; the agent first.</param>
internal sealed record HostScope(string Word, Func<HostRecord, IReadOnlyList<int>> Find)
{
    /// <summary>Agent, supervisors and ranks.</summary>
    public static readonly HostScope Whole = new("host", host =>
        ClusterProcesses.OfHost(host).OrderByDescending(pid => pid == host.Agent?.Pid).ToList());

    /// <summary>The agent alone.</summary>
    public static readonly HostScope Agent = new("agent", ClusterProcesses.OfAgent);

    /// <exception cref="CliException">Nothing of it runs on the host.</exception>
    public void RefuseWhereNothingRuns(HostRecord host)
    {
        if (Find(host).Count == 0)
        {
            throw new CliException(
                ExitCode.Refused,
                $"No {(this == Agent ? "agent" : "process")} runs on {host.Name}; "
                + $"start it with `orch dev start-{Word} {host.Name}`.");
        }
    }
}
