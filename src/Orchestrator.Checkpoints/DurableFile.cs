using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Checkpoints;

/// <summary>Writes that are on the disk when the call returns.</summary>
public static partial class DurableFile
{
    private const int OpenDirectory = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC
    private const int DontNeed = 4; // POSIX_FADV_DONTNEED

    /// <summary>
    /// Replaces a small file in one step: readers see the old content or the new, also after a crash.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The whole new content, written as UTF-8.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, string content)
    {
        var next = path + ".new";
        using (var file = File.OpenHandle(next, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(content), 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(next, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes the names in a directory durable.</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="IOException">The directory cannot be opened or synced.</exception>
    public static void SyncDirectory(string path)
    {
        // File.OpenHandle refuses directories, hence the system calls.
        var descriptor = OpenNative(path, OpenDirectory);
        if (descriptor < 0)
            throw Failure("opened", path);
        var result = SyncNative(descriptor);
        var failure = result == 0 ? null : Failure("synced", path);
        _ = CloseNative(descriptor);
        if (failure is not null)
            throw failure;
    }

    /// <summary>
    /// Makes the names on a path durable, from the inside out: a synced file in a lost folder is lost.
    /// </summary>
    /// <param name="directory">The innermost directory.</param>
    /// <param name="root">The outermost that counts.</param>
    /// <exception cref="IOException">A directory cannot be opened or synced.</exception>
    public static void SyncDirectories(string directory, string root)
    {
        var end = Path.TrimEndingDirectorySeparator(root).Length;
        for (var outer = directory; outer.Length >= end; outer = Path.GetDirectoryName(outer)!)
            SyncDirectory(outer);
    }

    /// <summary>Syncs a file and drops its pages from memory, so that the next read comes from the disk.</summary>
    internal static void SyncAndEvict(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
        // Advice only: a file system that keeps its pages still gives the right answer, just less evidence.
        _ = AdviseNative(file.DangerousGetHandle().ToInt32(), 0, 0, DontNeed);
    }

    private static IOException Failure(string verb, string path) =>
        new($"Directory {path} could not be {verb}: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncNative(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseNative(int descriptor);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int AdviseNative(int descriptor, long offset, long length, int advice);
}
