using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Agent.Host;

/// <summary>Gives the front of a file back to the disk while somebody goes on writing at its end.</summary>
internal static partial class SparseFile
{
    private const int KeepSize = 0x01; // FALLOC_FL_KEEP_SIZE
    private const int PunchHole = 0x02; // FALLOC_FL_PUNCH_HOLE
    private const int SeekData = 3; // SEEK_DATA
    private const int NoMoreData = 6; // ENXIO
    private const int Page = 4096; // Only whole pages are given back.

    /// <summary>
    /// Frees all but the last bytes. Positions in the file stay what they were: neither the writer nor any reader
    /// notices, and nothing that is kept is copied.
    /// </summary>
    /// <exception cref="Win32Exception">The file system cannot do it.</exception>
    public static void KeepEnd(SafeFileHandle file, long bytes)
    {
        var end = (RandomAccess.GetLength(file) - bytes) / Page * Page;
        if (end > 0 && FreeNative(file, KeepSize | PunchHole, 0, end) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>The first position from here on that was not freed.</summary>
    public static long NextData(SafeFileHandle file, long position)
    {
        var next = SeekNative(file, position, SeekData);
        if (next >= 0)
            return next;
        // Nothing but freed space follows, or this file system knows no such question and frees nothing either.
        return Marshal.GetLastPInvokeError() == NoMoreData
            ? Math.Max(position, RandomAccess.GetLength(file))
            : position;
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FreeNative(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial long SeekNative(SafeFileHandle file, long offset, int from);
}
