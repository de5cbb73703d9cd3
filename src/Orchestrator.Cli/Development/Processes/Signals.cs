using System.Runtime.InteropServices;

namespace Orchestrator.Cli.Development.Processes;

/// <summary>kill(2).</summary>
internal static partial class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>SIGSTOP on Linux; no process can refuse it.</summary>
    public const int Stop = 19;

    /// <summary>SIGCONT on Linux.</summary>
    public const int Continue = 18;

    /// <summary>Asks only whether a process exists.</summary>
    private const int Probe = 0;

    /// <summary>
    /// Loads and compiles everything that <see cref="Send"/> needs, so that the first real signal does not wait for it.
    /// </summary>
    public static void Prepare() => Send(Environment.ProcessId, Probe);

    /// <summary>Sends a signal; false when there is no such process (any more), or it is not ours to signal.</summary>
    public static bool Send(int pid, int signal) => SendSignal(pid, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
