using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orchestrator.Agent.Host;

/// <summary>
/// Starts a process in a session of its own that shares no descriptor, no signal setting and no pipe with the agent.
/// <see cref="System.Diagnostics.Process"/> can neither make a session nor redirect to files.
/// </summary>
internal static partial class NativeSpawn
{
    private const short ResetSignals = 0x04; // POSIX_SPAWN_SETSIGDEF
    private const short ResetMask = 0x08; // POSIX_SPAWN_SETSIGMASK
    private const short NewSession = 0x80; // POSIX_SPAWN_SETSID
    private const int ReadOnly = 0;
    private const int AppendOrCreate = 0x1 | 0x40 | 0x400; // O_WRONLY | O_CREAT | O_APPEND
    private const int OwnerWrites = 0x1A4; // 0644
    private const int StructBytes = 512; // glibc needs 336 for attributes and 80 for actions, musl less.
    private const int SignalSetBytes = 128;
    private const int FirstInherited = 3;

    /// <param name="arguments">Program path first, then its arguments.</param>
    /// <param name="environment">The whole environment.</param>
    /// <param name="outputPath">File that takes stdout and stderr, appended.</param>
    /// <returns>The process id.</returns>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    public static unsafe int Start(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string outputPath)
    {
        var attributes = NativeMemory.AllocZeroed(StructBytes);
        var actions = NativeMemory.AllocZeroed(StructBytes);
        var signals = NativeMemory.Alloc(SignalSetBytes);
        using var argv = new NativeStrings(arguments);
        using var envp = new NativeStrings(environment.Select(pair => $"{pair.Key}={pair.Value}").ToArray());
        try
        {
            Check(AttributesInit(attributes));
            Check(FileActionsInit(actions));
            Check(SetFlags(attributes, ResetSignals | ResetMask | NewSession));
            NativeMemory.Fill(signals, SignalSetBytes, 0xFF);
            Check(SetDefaults(attributes, signals));
            NativeMemory.Clear(signals, SignalSetBytes);
            Check(SetMask(attributes, signals));
            Check(AddOpen(actions, 0, "/dev/null", ReadOnly, 0));
            Check(AddOpen(actions, 1, outputPath, AppendOrCreate, OwnerWrites));
            Check(AddDuplicate(actions, 1, 2));
            // .NET opens everything close-on-exec, but what the agent itself inherited may not be.
            Check(AddCloseFrom(actions, FirstInherited));
            Check(Spawn(out var pid, arguments[0], actions, attributes, argv.Pointer, envp.Pointer));
            return pid;
        }
        finally
        {
            _ = AttributesDestroy(attributes);
            _ = FileActionsDestroy(actions);
            NativeMemory.Free(attributes);
            NativeMemory.Free(actions);
            NativeMemory.Free(signals);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Spawn(
        out int pid, string path, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int AttributesInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int AttributesDestroy(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int SetDefaults(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int SetMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int FileActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int FileActionsDestroy(void* actions);

    [LibraryImport(
        "libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int AddOpen(void* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int AddDuplicate(void* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int AddCloseFrom(void* actions, int from);
}
