namespace Orchestrator.Agent.Watching;

/// <summary>A file as it was at one look; another size or time means that it was written since.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="WrittenAt">Ticks of its last write, by the clock of its file system.</param>
internal sealed record FileStamp(string Path, long SizeBytes, long WrittenAt)
{
    /// <summary>Null where there is no such file. A link is looked at where it leads.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static FileStamp? TryOf(string path)
    {
        FileSystemInfo? file = new FileInfo(path);
        if (file.LinkTarget is not null)
            file = file.ResolveLinkTarget(returnFinalTarget: true);
        return file is FileInfo { Exists: true } content
            ? new FileStamp(path, content.Length, content.LastWriteTimeUtc.Ticks)
            : null;
    }
}
