using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Agent.Host;

/// <summary>Names of files: one file may have several, and is gone when the last one is.</summary>
internal static unsafe partial class HardLink
{
    // The kernel's struct statx has the same layout everywhere, other than struct stat.
    private const int StatusBytes = 256;
    private const int CountOffset = 16;
    private const uint WantsCount = 0x4; // STATX_NLINK
    private const int CurrentFolder = -100; // AT_FDCWD

    /// <summary>Gives a file another name.</summary>
    /// <exception cref="IOException">The file system does not.</exception>
    public static void Create(string file, string name)
    {
        if (LinkNative(file, name) != 0)
            throw new IOException($"{name} cannot become another name of {file}: {Failure()}");
    }

    /// <summary>How many names a file has; 0 when it is gone.</summary>
    public static uint Count(string path)
    {
        var status = stackalloc byte[StatusBytes];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            return StatusNative(CurrentFolder, name, 0, WantsCount, status) == 0
                ? *(uint*)(status + CountOffset)
                : 0;
        }
    }

    private static string Failure() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LinkNative(string file, string name);

    [LibraryImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatusNative(int folder, byte* path, int flags, uint wanted, byte* status);
}
