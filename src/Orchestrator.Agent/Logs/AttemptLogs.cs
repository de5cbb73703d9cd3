using System.ComponentModel;
using System.Globalization;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Logs;

/// <summary>The folder of one attempt's ranks, seen as logs that take room.</summary>
internal sealed class AttemptLogs
{
    private readonly List<(string Path, long Bytes)> _files = [];

    private AttemptLogs(string folder, uint attempt)
    {
        Folder = folder;
        Attempt = attempt;
        foreach (var path in Directory.EnumerateFiles(folder, "*.log", SearchOption.AllDirectories))
            _files.Add((path, BytesOf(path)));
    }

    public string Folder { get; }

    public uint Attempt { get; }

    public IReadOnlyList<(string Path, long Bytes)> Files => _files;

    public long Bytes => _files.Sum(file => file.Bytes);

    /// <summary>The attempts of a job, oldest first.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<AttemptLogs> OfJob(string jobFolder) =>
    [
        .. from folder in Directory.GetDirectories(jobFolder)
           let number = NumberOf(folder)
           where number is not null
           orderby number
           select new AttemptLogs(folder, number.Value),
    ];

    /// <summary>Gives the front of a log back to the disk.</summary>
    /// <exception cref="Win32Exception">The file system cannot do it.</exception>
    public static void KeepEnd(string path, long bytes)
    {
        using var file = File.OpenHandle(
            path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        SparseFile.KeepEnd(file, bytes);
    }

    private static long BytesOf(string path)
    {
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.GetLength(file) - SparseFile.NextData(file, 0);
    }

    private static uint? NumberOf(string folder) =>
        uint.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? attempt
            : null;
}
