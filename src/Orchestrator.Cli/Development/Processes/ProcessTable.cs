using System.Globalization;
using System.Text;

namespace Orchestrator.Cli.Development.Processes;

/// <summary>The kernel's list of processes, as /proc shows it.</summary>
internal static class ProcessTable
{
    private const string Proc = "/proc";

    /// <summary>Processes whose environment has exactly this NAME=VALUE; never this process itself.</summary>
    public static List<int> WithEnvironment(string assignment)
    {
        var wanted = Encoding.UTF8.GetBytes(assignment);
        return Pids().Where(pid => pid != Environment.ProcessId && Has(pid, wanted)).ToList();
    }

    /// <summary>The process with this pid now, or null where none runs.</summary>
    public static ProcessIdentity? Identify(int pid) =>
        TryReadStat(pid) is { State: not ('Z' or 'X') } stat ? new ProcessIdentity(pid, stat.StartTicks) : null;

    /// <summary>True while this very process runs; an ended one that its parent has not asked about does not.</summary>
    public static bool IsRunning(ProcessIdentity? process) => process is not null && Identify(process.Pid) == process;

    /// <summary>True while the process is there but stopped: it does nothing until SIGCONT or SIGKILL.</summary>
    public static bool IsStopped(int pid) => TryReadStat(pid) is { State: 'T' };

    /// <summary>Changes with every boot of the machine.</summary>
    public static string MachineBootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    private static IEnumerable<int> Pids() =>
        from folder in Directory.EnumerateDirectories(Proc)
        let name = Path.GetFileName(folder)
        where char.IsAsciiDigit(name[0])
        select int.Parse(name, CultureInfo.InvariantCulture);

    private static bool Has(int pid, ReadOnlySpan<byte> assignment)
    {
        var environment = TryReadBytes($"{Proc}/{pid}/environ").AsSpan();
        while (!environment.IsEmpty)
        {
            var end = environment.IndexOf((byte)0);
            var entry = end < 0 ? environment : environment[..end];
            if (entry.SequenceEqual(assignment))
                return true;
            environment = end < 0 ? [] : environment[(end + 1)..];
        }

        return false;
    }

    private static (char State, ulong StartTicks)? TryReadStat(int pid)
    {
        var text = Encoding.UTF8.GetString(TryReadBytes($"{Proc}/{pid}/stat"));
        // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
        var end = text.LastIndexOf(')');
        if (end < 0)
            return null;
        var fields = text[(end + 2)..].Split(' ');
        return (fields[0][0], ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    private static byte[] TryReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or belongs to somebody else: not one of ours.
            return [];
        }
    }
}
