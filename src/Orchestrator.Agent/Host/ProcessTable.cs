using System.Globalization;

namespace Orchestrator.Agent.Host;

/// <summary>What the kernel says about processes.</summary>
internal static class ProcessTable
{
    private const int StateField = 3;
    private const int StartTimeField = 22;

    /// <summary>
    /// Start time of a process in clock ticks since boot, which together with the pid names one process for ever.
    /// Null when it is gone; one that ended and only waits for its parent counts as gone.
    /// </summary>
    public static long? StartTicks(int pid)
    {
        string line;
        try
        {
            line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No such process, or it ended while it was read: ESRCH arrives as an IOException.
            return null;
        }

        return StartTicksOf(line);
    }

    /// <summary>The start time in a line of /proc/PID/stat; null when the process has ended.</summary>
    public static long? StartTicksOf(string line)
    {
        // The name in field 2 may hold spaces and parentheses; the last ')' ends it.
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        if (fields.Length <= StartTimeField - StateField || fields[0] is "Z" or "X")
            return null;
        return long.Parse(fields[StartTimeField - StateField], CultureInfo.InvariantCulture);
    }

    /// <summary>True when the process exists and was started with exactly this argument.</summary>
    public static bool HasArgument(int pid, string argument)
    {
        try
        {
            var line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"));
            return line.Split('\0').Contains(argument);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone: an ended process has no command line either.
            return false;
        }
    }

    public static bool IsAlive(int pid, long startTicks) => StartTicks(pid) == startTicks;
}
