using System.Globalization;

namespace Orchestrator.Agent.Host;

/// <summary>What the kernel says about processes.</summary>
internal static class ProcessTable
{
    private const int StateField = 3;
    private const int SessionField = 6;
    private const int StartTimeField = 22;
    private const int NoSuchProcess = 3; // ESRCH

    /// <summary>
    /// Start time of a process in clock ticks since boot, which together with the pid names one process for ever.
    /// Null when it is gone; one that ended and only waits for its parent counts as gone.
    /// </summary>
    /// <exception cref="IOException">The kernel did not say, for example because too many files are open.</exception>
    public static long? StartTicks(int pid) => TicksIn(FieldsOf(pid));

    /// <summary>The start time in a line of /proc/PID/stat; null when the process has ended.</summary>
    public static long? StartTicksOf(string line) => TicksIn(Fields(line));

    /// <summary>True when the process exists and was started with exactly this argument.</summary>
    /// <exception cref="IOException">The kernel did not say.</exception>
    public static bool HasArgument(int pid, string argument)
    {
        try
        {
            var line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"));
            return line.Split('\0').Contains(argument);
        }
        catch (IOException exception) when (IsGone(exception))
        {
            return false;
        }
    }

    /// <summary>Id of the session that a process is in; null when it is gone.</summary>
    /// <exception cref="IOException">The kernel did not say.</exception>
    public static int? SessionOf(int pid) => FieldsOf(pid) is { } fields
        ? int.Parse(fields[SessionField - StateField], CultureInfo.InvariantCulture)
        : null;

    /// <summary>
    /// True when the failure says that there is no such process, or that it ended while it was read. Any other failure
    /// must not be taken for a death.
    /// </summary>
    public static bool IsGone(Exception exception) => exception is FileNotFoundException or DirectoryNotFoundException
        or IOException { HResult: NoSuchProcess };

    public static bool IsAlive(int pid, long startTicks) => StartTicks(pid) == startTicks;

    private static long? TicksIn(string[]? fields) =>
        fields is null ? null : long.Parse(fields[StartTimeField - StateField], CultureInfo.InvariantCulture);

    private static string[]? FieldsOf(int pid)
    {
        try
        {
            return Fields(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (IOException exception) when (IsGone(exception))
        {
            return null;
        }
    }

    // From the third field on. The name in the second one may hold spaces and parentheses; the last ')' ends it.
    private static string[]? Fields(string line)
    {
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Length <= StartTimeField - StateField || fields[0] is "Z" or "X" ? null : fields;
    }
}
