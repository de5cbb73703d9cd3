using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;
using Orchestrator.Client;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Development;

/// <summary>Waits until programs that were just started do their work, and says which one does not.</summary>
/// <param name="data">The cluster's folder, for its logs.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterWait(DataFolder data, TimeProvider time)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CheckPause = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, Node> _nodes = [];
    private bool _isAnswered;
    private OrchestratorException? _lastFailure;

    /// <summary>Waits until the control API answers and each of these hosts satisfies the condition.</summary>
    /// <param name="cluster">The silo and the agents that must go on running meanwhile.</param>
    /// <param name="hosts">Which hosts to wait for; none: only the control API.</param>
    /// <param name="condition">What each host must reach.</param>
    /// <param name="wanted">The condition in a word, for the message.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="CliException">A program ended, or the time ran out.</exception>
    public async Task UntilAsync(
        ClusterRecord cluster,
        IReadOnlyList<HostRecord> hosts,
        Func<Node, bool> condition,
        string wanted,
        TimeSpan patience,
        CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var reached = UntilReachedAsync(cluster, hosts, condition, ending.Token);
        var broken = UntilOneEndsAsync(cluster, hosts, ending.Token);
        try
        {
            await await Task.WhenAny(reached, broken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(ExitCode.Failed, Missing(hosts, condition, wanted, patience));
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reached, broken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.None);
        }
    }

    private async Task UntilReachedAsync(
        ClusterRecord cluster, IReadOnlyList<HostRecord> hosts, Func<Node, bool> condition, CancellationToken ending)
    {
        var client = new OrchestratorClient(new Uri(cluster.Server));
        await using var closing = client.ConfigureAwait(false);
        while (true)
        {
            try
            {
                await client.ListNodesAsync(ending).ConfigureAwait(false);
                _isAnswered = true;
                if (hosts.Count == 0)
                    return;
                await foreach (var node in client.WatchNodesAsync(ending).ConfigureAwait(false))
                {
                    _nodes[node.Name] = node;
                    if (hosts.All(host => IsReached(host, condition)))
                        return;
                }
            }
            catch (OrchestratorException failure)
            {
                // Not up yet, or not whole yet: that is what this waits for.
                _lastFailure = failure;
            }

            await Task.Delay(RetryPause, time, ending).ConfigureAwait(false);
        }
    }

    private async Task UntilOneEndsAsync(
        ClusterRecord cluster, IReadOnlyList<HostRecord> hosts, CancellationToken ending)
    {
        while (true)
        {
            if (!ProcessTable.IsRunning(cluster.Silo))
                throw new CliException(ExitCode.Failed, $"The silo ended. {LogTail.Of(data.SiloLog)}");
            if (hosts.FirstOrDefault(host => !ProcessTable.IsRunning(host.Agent)) is { } host)
                throw new CliException(ExitCode.Failed, $"The agent of {host.Name} ended. "
                    + $"{LogTail.Of(host.Files.Log)}");
            await Task.Delay(CheckPause, time, ending).ConfigureAwait(false);
        }
    }

    private bool IsReached(HostRecord host, Func<Node, bool> condition) =>
        _nodes.TryGetValue(host.Name, out var node) && condition(node);

    private string Missing(
        IReadOnlyList<HostRecord> hosts, Func<Node, bool> condition, string wanted, TimeSpan patience)
    {
        if (!_isAnswered)
        {
            return $"The control API did not answer within {patience.TotalSeconds:0} s: {_lastFailure?.Message} "
                + LogTail.Of(data.SiloLog);
        }

        var late = hosts.Where(host => !IsReached(host, condition)).ToList();
        var states = late.Select(host =>
            _nodes.TryGetValue(host.Name, out var node) ? $"{host.Name} ({node.Phase})" : $"{host.Name} (not joined)");
        return $"After {patience.TotalSeconds:0} s not {wanted}: {string.Join(", ", states)}. "
            + (late.Count > 0 ? LogTail.Of(late[0].Files.Log) : LogTail.Of(data.SiloLog));
    }
}
