using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development.Processes;

/// <summary>Processes that were stopped, or let go on, without a word to anybody.</summary>
/// <param name="At">Wall time just before the first signal.</param>
/// <param name="Pids">All of them, the first one signalled first.</param>
internal sealed record ProcessFreeze(DateTimeOffset At, IReadOnlyList<int> Pids)
{
    /// <summary>A signal takes effect within milliseconds unless the kernel waits for a device.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public decimal UnixSeconds => UnixTime.Seconds(At);

    /// <summary>Stops all processes that are found, and what they were just starting, until every one stands.</summary>
    /// <param name="find">Whom to stop; asked again after each round.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the waiting, not the signals already sent.</param>
    /// <exception cref="CliException">One does not stop.</exception>
    public static Task<ProcessFreeze> FreezeAsync(
        Func<IReadOnlyList<int>> find, TimeProvider time, CancellationToken cancellationToken) =>
        PerformAsync(find, Signals.Stop, ProcessTable.IsStopped, time, cancellationToken);

    /// <summary>Lets all processes that are found go on where they were.</summary>
    /// <param name="find">Whom to let go on; asked again after each round.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the waiting, not the signals already sent.</param>
    /// <exception cref="CliException">One stays stopped.</exception>
    public static Task<ProcessFreeze> ThawAsync(
        Func<IReadOnlyList<int>> find, TimeProvider time, CancellationToken cancellationToken) =>
        PerformAsync(find, Signals.Continue, pid => !ProcessTable.IsStopped(pid), time, cancellationToken);

    private static async Task<ProcessFreeze> PerformAsync(
        Func<IReadOnlyList<int>> find,
        int signal,
        Func<int, bool> isDone,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        // Whatever takes time happens before the timestamp: the first signal follows it within microseconds.
        Signals.Prepare();
        _ = time.GetUtcNow();
        var left = find();
        var at = time.GetUtcNow();
        var start = time.GetTimestamp();
        var signalled = new List<int>();
        while (left.Count > 0)
        {
            foreach (var pid in left)
                Signals.Send(pid, signal);
            signalled.AddRange(left.Except(signalled));
            if (time.GetElapsedTime(start) >= Patience)
            {
                throw new CliException(
                    ExitCode.Failed,
                    $"Processes {string.Join(", ", left)} do not heed signal {signal} for "
                    + $"{Patience.TotalSeconds:0} s; the kernel may be waiting for a device of theirs.");
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            left = find().Where(pid => !isDone(pid)).ToList();
        }

        return new ProcessFreeze(at, signalled);
    }
}
