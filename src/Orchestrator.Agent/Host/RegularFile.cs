using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Agent.Host;

/// <summary>Opens a file that a job names, which may be anything.</summary>
internal static partial class RegularFile
{
    private const int ReadOnly = 0x80000 | 0x800; // O_RDONLY | O_CLOEXEC | O_NONBLOCK
    private const int NoSuchFile = 2; // ENOENT
    private const int NoSuchFolder = 20; // ENOTDIR

    /// <summary>
    /// Opens a file for reading, without waiting for anybody as the opening of a pipe does; null when it is not there.
    /// </summary>
    /// <exception cref="IOException">It cannot be opened, or is a pipe, a socket or the like.</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        var descriptor = OpenNative(path, ReadOnly);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() is NoSuchFile or NoSuchFolder
                ? null
                : throw new IOException($"{path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            // Asks the kernel for the position, which only a file has.
            _ = RandomAccess.GetLength(file);
            return file;
        }
        catch (NotSupportedException)
        {
            file.Dispose();
            throw new IOException($"{path} is a pipe, a socket or the like, and not a file.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenNative(string path, int flags);
}
