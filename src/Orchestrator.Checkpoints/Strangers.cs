using System.IO.Enumeration;

namespace Orchestrator.Checkpoints;

/// <summary>
/// Finds what lies in a shard's directory and is not of the shard: a script may load whatever is there.
/// </summary>
internal static class Strangers
{
    /// <summary>The first entry that the manifest does not list; null when there is none.</summary>
    public static CheckpointFault? Find(string jobFolder, StoredShard shard)
    {
        var directory = Path.GetFullPath(Path.Combine(jobFolder, shard.Path));
        var listed = shard.Files.Select(file => Path.GetFullPath(Path.Combine(directory, file.Name)))
            .ToHashSet(StringComparer.Ordinal);
        try
        {
            return Entries(directory).Where(path => !listed.Contains(path)).Order(StringComparer.Ordinal)
                .Select(path => new CheckpointFault(
                    "shard_has_stranger", $"{path} is in the shard but not in its manifest."))
                .FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckpointFault("shard_unreadable", $"{directory} could not be listed: {exception.Message}");
        }
    }

    // Files and links. A link is never followed: it may lead in a circle, and a shard holds its own files only.
    private static FileSystemEnumerable<string> Entries(string directory)
    {
        var everything = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.None,
            IgnoreInaccessible = false,
        };
        return new FileSystemEnumerable<string>(
            directory, (ref FileSystemEntry entry) => entry.ToFullPath(), everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || IsLink(ref entry),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        };
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
