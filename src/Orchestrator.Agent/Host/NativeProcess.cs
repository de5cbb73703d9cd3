using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orchestrator.Agent.Host;

/// <summary>Signals and waiting, as the kernel offers them.</summary>
internal static partial class NativeProcess
{
    public const int SignalKill = 9;
    public const int SignalTerminate = 15;
    private const int NoSuchProcess = 3; // ESRCH
    private const int NoHang = 1; // WNOHANG
    private const int CallingProcess = 0; // PRIO_PROCESS, which means a thread on Linux
    private const int PreferredNice = -10;

    /// <summary>Signals a whole process group; a group that is gone already is no error.</summary>
    /// <exception cref="Win32Exception">The kernel refused for another reason.</exception>
    public static void SignalGroup(int group, int signal)
    {
        // kill(-1) and kill(0) mean "everything I may signal" and "my own group".
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(group, 1);
        if (KillNative(-group, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
            throw new Win32Exception(error, $"Process group {group} could not be signalled.");
    }

    /// <summary>Signals one process; one that is gone already is no error.</summary>
    /// <exception cref="Win32Exception">The kernel refused for another reason.</exception>
    public static void Signal(int pid, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pid, 1);
        if (KillNative(pid, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
            throw new Win32Exception(error, $"Process {pid} could not be signalled.");
    }

    /// <summary>Takes the exit status of a child that ended, so that it does not stay as a zombie.</summary>
    /// <returns>False while the child still runs; true also for a process that is no child of this one.</returns>
    public static bool Reap(int pid) => WaitNative(pid, out _, NoHang) != 0;

    /// <summary>Prefers the calling thread to others; without the right to do so, nothing changes.</summary>
    /// <remarks>Linux gives each thread a nice value; <see cref="Thread.Priority"/> has no effect there.</remarks>
    public static void TryRaisePriority() => _ = SetPriorityNative(CallingProcess, 0, PreferredNice);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int KillNative(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitNative(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriorityNative(int which, uint who, int nice);
}
