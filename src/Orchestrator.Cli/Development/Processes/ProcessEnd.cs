namespace Orchestrator.Cli.Development.Processes;

/// <summary>Ends processes that are found again and again until none is left.</summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Sends a signal to all processes that are found, and to each new one that shows up, until none is left.
    /// </summary>
    /// <param name="find">Who is to end; asked again after each round, for what was just being started.</param>
    /// <param name="signal">A process gets it once, or in each round when it is SIGKILL.</param>
    /// <param name="patience">How long to go on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the waiting, not the signals already sent.</param>
    /// <returns>Who is still there; empty when all have ended.</returns>
    public static async Task<IReadOnlyList<int>> SignalUntilGoneAsync(
        Func<IReadOnlyList<int>> find,
        int signal,
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var signalled = new HashSet<int>();
        var start = time.GetTimestamp();
        while (true)
        {
            var left = find();
            if (left.Count == 0 || time.GetElapsedTime(start) >= patience)
                return left;
            foreach (var pid in left)
            {
                if (signalled.Add(pid) || signal == Signals.Kill)
                    Signals.Send(pid, signal);
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
