using System.Globalization;

namespace Orchestrator.Agent.Host;

/// <summary>
/// Time since the kernel booted, suspended time included. Supervisors read the same clock with shell built-ins, so
/// that agent and supervisors agree about a lease's end. No change of the wall clock moves it: a clock that is set
/// forward ends no lease, and one that is set back lengthens none.
/// </summary>
internal static class BootClock
{
    public static TimeSpan Now
    {
        get
        {
            var text = File.ReadAllText("/proc/uptime");
            return Parse(text.AsSpan(0, text.IndexOf(' ')));
        }
    }

    /// <summary>Seconds with two decimals, as /proc/uptime writes them.</summary>
    public static string Format(TimeSpan time) => time.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);

    public static TimeSpan Parse(ReadOnlySpan<char> seconds) =>
        TimeSpan.FromSeconds(double.Parse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture));

    /// <summary>Null for what is no time, such as a file that somebody else wrote.</summary>
    public static TimeSpan? TryParse(ReadOnlySpan<char> seconds) =>
        double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
            ? TimeSpan.FromSeconds(parsed)
            : null;

    public static ulong AgeMilliseconds(TimeSpan then) => (ulong)Math.Max(0, (Now - then).TotalMilliseconds);
}
