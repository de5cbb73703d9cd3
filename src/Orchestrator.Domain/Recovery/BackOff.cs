namespace Orchestrator.Domain.Recovery;

/// <summary>How long a job waits before it is launched again: full speed helps nobody who fails each time.</summary>
public static class BackOff
{
    /// <summary>The wait before the next launch.</summary>
    /// <param name="barrenAttempts">
    /// Attempts in a row that ended without a new step or checkpoint, for another reason than a lost host.
    /// </param>
    /// <returns>
    /// Zero up to <see cref="Timings.PromptRelaunches"/>, then 1, 2, 4 … seconds, at most
    /// <see cref="Timings.LongestBackOff"/>.
    /// </returns>
    public static TimeSpan Wait(int barrenAttempts)
    {
        var waits = barrenAttempts - Timings.PromptRelaunches;
        if (waits <= 0)
        {
            return TimeSpan.Zero;
        }

        var wait = Timings.ShortestBackOff * Math.Pow(2, Math.Min(waits - 1, LongestExponent));
        return wait < Timings.LongestBackOff ? wait : Timings.LongestBackOff;
    }

    /// <summary>Keeps the power within what a time can hold; the longest wait is reached long before.</summary>
    private const int LongestExponent = 20;
}
