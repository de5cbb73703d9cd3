using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development;

/// <summary>Takes the power from one host: everything on it ends at once, without a last word.</summary>
/// <param name="At">Wall time just before the first kill.</param>
/// <param name="Pids">All killed processes, the agent first.</param>
internal sealed record HostKill(DateTimeOffset At, IReadOnlyList<int> Pids)
{
    /// <summary>A killed process is gone within milliseconds unless the kernel waits for a device.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="CliException">Nothing runs on the host, or something does not die.</exception>
    public static async Task<HostKill> PerformAsync(
        HostRecord host, TimeProvider time, CancellationToken cancellationToken)
    {
        // Whatever takes time happens before the timestamp: the first signal follows it within microseconds.
        Signals.Prepare();
        _ = time.GetUtcNow();
        var first = AgentFirst(ProcessTable.WithEnvironment(Markers.Of(host)), host);
        if (first.Length == 0)
        {
            throw new CliException(
                ExitCode.Refused,
                $"Nothing runs on {host.Name}; bring it back with `orch dev start-host {host.Name}`.");
        }

        var at = time.GetUtcNow();
        foreach (var pid in first)
            Signals.Send(pid, Signals.Kill);

        // What was being started during the scan inherits the marker and shows up now.
        var killed = new List<int>(first);
        var left = await ProcessEnd.SignalUntilGoneAsync(
            () => Remember(ProcessTable.WithEnvironment(Markers.Of(host)), killed),
            Signals.Kill,
            Patience,
            time,
            cancellationToken).ConfigureAwait(false);
        return left.Count == 0 ? new HostKill(at, killed) : throw new CliException(
            ExitCode.Failed,
            $"Processes {string.Join(", ", left)} of {host.Name} were killed and are still there after "
            + $"{Patience.TotalSeconds:0} s; the kernel may be waiting for a device of theirs.");
    }

    public decimal UnixSeconds => UnixTime.Seconds(At);

    private static int[] AgentFirst(List<int> pids, HostRecord host) =>
        pids.OrderByDescending(pid => pid == host.Agent?.Pid).ToArray();

    private static List<int> Remember(List<int> found, List<int> killed)
    {
        killed.AddRange(found.Except(killed));
        return found;
    }
}
