namespace Orchestrator.Cli.Development;

/// <summary>Wall time as scripts subtract it.</summary>
internal static class UnixTime
{
    private const int MicrosecondDigits = 6;

    /// <summary>Seconds since 1970 with microseconds.</summary>
    public static decimal Seconds(DateTimeOffset at) => decimal.Round(
        (decimal)(at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerSecond, MicrosecondDigits);
}
