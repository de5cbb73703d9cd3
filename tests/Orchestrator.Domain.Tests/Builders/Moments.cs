namespace Orchestrator.Domain.Tests.Builders;

/// <summary>Where the tests' time begins.</summary>
internal static class Moments
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The moment that many seconds after the start.</summary>
    public static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);
}
