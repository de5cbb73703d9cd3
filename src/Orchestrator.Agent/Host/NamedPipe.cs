using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orchestrator.Agent.Host;

/// <summary>A pipe with a name in a folder.</summary>
internal static partial class NamedPipe
{
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>Creates the pipe and opens it for writing.</summary>
    /// <remarks>
    /// Opened for reading as well, so that neither the opening nor a write waits for the other side. The other side
    /// reads the end of the file when the stream is disposed or this process is gone.
    /// </remarks>
    /// <exception cref="IOException">The folder does not take it.</exception>
    public static FileStream Create(string path)
    {
        if (MakeNative(path, OwnerOnly) != 0)
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeNative(string path, uint mode);
}
