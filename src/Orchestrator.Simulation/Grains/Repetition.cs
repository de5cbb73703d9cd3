namespace Orchestrator.Simulation.Grains;

/// <summary>What was sent last, and when it has to be sent again.</summary>
/// <remarks>
/// The real timers fire every half second. Here the pauses between looks grow, so that an unanswered night costs few
/// events; a turn that has another reason repeats what is due all the same.
/// </remarks>
internal readonly record struct Repetition(string? Subject, DateTimeOffset At, int Count)
{
    /// <summary>What was not answered in this time is sent again, as in the real grains.</summary>
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);
    private const int MostDoublings = 9;

    public bool IsDue(string subject, DateTimeOffset now) => Subject != subject || now - At >= RepeatAfter;

    public Repetition Send(string subject, DateTimeOffset now) =>
        new(subject, now, Subject == subject ? Math.Min(Count + 1, MostDoublings) : 0);

    /// <summary>In how long to look at it again.</summary>
    public TimeSpan Pause(string subject, DateTimeOffset now)
    {
        if (Subject != subject)
        {
            return TimeSpan.Zero;
        }

        var pause = RepeatAfter * (1 << Count);
        return At + (pause < LongestPause ? pause : LongestPause) - now;
    }
}
