using System.Globalization;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Watching;

/// <summary>What the kernel says about the files that processes hold open.</summary>
internal static class OpenFiles
{
    private const long AccessMode = 3; // O_ACCMODE; 0 is O_RDONLY
    private const string Flags = "flags:";

    /// <summary>
    /// A process of the session holds the file open for writing. What cannot be read says nothing: whoever asks has
    /// other evidence, too.
    /// </summary>
    /// <param name="session">The session, as each rank has one of its own.</param>
    /// <param name="path">The file.</param>
    public static bool IsWritten(int session, string path)
    {
        if (RealPathOf(path) is not { } real)
            return false;
        return Directory.EnumerateDirectories("/proc").Any(folder => IsOf(session, folder) && Writes(folder, real));
    }

    // The kernel names the files of processes without links on their way.
    private static string? RealPathOf(string path)
    {
        using var file = RegularFile.TryOpen(path);
        return file is null
            ? null
            : new FileInfo(string.Create(
                CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}")).LinkTarget;
    }

    private static bool IsOf(int session, string process)
    {
        var name = Path.GetFileName(process.AsSpan());
        try
        {
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && ProcessTable.SessionOf(pid) == session;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool Writes(string process, string path)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(process, "fd")).EnumerateFileSystemInfos()
                .Any(descriptor => descriptor.LinkTarget == path
                    && IsForWriting(Path.Combine(process, "fdinfo", descriptor.Name)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsForWriting(string description)
    {
        var flags = File.ReadLines(description).First(line => line.StartsWith(Flags, StringComparison.Ordinal));
        // The kernel writes them as an octal number.
        return (Convert.ToInt64(flags[Flags.Length..].Trim(), 8) & AccessMode) != 0;
    }
}
