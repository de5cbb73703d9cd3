using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development;

/// <summary>Looks up and replaces hosts in a cluster's record.</summary>
internal static class ClusterRecords
{
    /// <exception cref="CliException">The cluster has no such host.</exception>
    public static HostRecord Host(this ClusterRecord cluster, string name) =>
        cluster.Hosts.FirstOrDefault(host => host.Name == name) ?? throw new CliException(
            ExitCode.NotFound,
            $"There is no host '{name}'; this cluster has "
            + $"{string.Join(", ", cluster.Hosts.Select(host => host.Name))}.");

    public static ClusterRecord With(this ClusterRecord cluster, HostRecord changed) => cluster with
    {
        Hosts = cluster.Hosts.Select(host => host.Name == changed.Name ? changed : host).ToList(),
    };
}
