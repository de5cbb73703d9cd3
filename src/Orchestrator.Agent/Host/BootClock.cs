using System.Globalization;

namespace Orchestrator.Agent.Host;

/// <summary>
/// Time since the kernel booted, suspended time included. Supervisors read the same clock with shell built-ins, so
/// that agent and supervisors agree about a lease's end.
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

    public static ulong AgeMilliseconds(TimeSpan then) => (ulong)Math.Max(0, (Now - then).TotalMilliseconds);
}
