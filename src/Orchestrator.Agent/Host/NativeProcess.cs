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
    public static void Reap(int pid) => _ = WaitNative(pid, out _, NoHang);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int KillNative(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitNative(int pid, out int status, int options);
}
