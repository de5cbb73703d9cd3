using System.Security.Cryptography;

namespace Orchestrator.Checkpoints.Durable;

/// <summary>
/// Writes, reads and deletes a small file in a store that is a folder, or where that folder would be made: a probe
/// leaves nothing behind.
/// </summary>
internal static class FolderProbe
{
    private const int ContentBytes = 4096;
    private const int NameDigits = 16;

    /// <returns>Null when it works, or the fault.</returns>
    public static CheckpointFault? Run(string root)
    {
        if (!Path.IsPathFullyQualified(root))
            return new CheckpointFault("store_options_wrong", $"The store '{root}' is not an absolute path.");
        var place = Path.TrimEndingDirectorySeparator(root);
        while (!Directory.Exists(place))
        {
            if (File.Exists(place))
                return Unwritable(root, $"{place} is a file.");
            place = Path.GetDirectoryName(place)!;
        }

        var file = Path.Combine(place, $".probe-{RandomNumberGenerator.GetHexString(NameDigits, lowercase: true)}");
        try
        {
            return Try(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unwritable(root, exception.Message);
        }
    }

    private static CheckpointFault? Try(string file)
    {
        var content = RandomNumberGenerator.GetBytes(ContentBytes);
        try
        {
            using (var handle = File.OpenHandle(file, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(handle, content, 0);
                RandomAccess.FlushToDisk(handle);
            }

            return File.ReadAllBytes(file).AsSpan().SequenceEqual(content)
                ? null
                : new CheckpointFault("shard_hash_differs", $"{file} does not hold what was written into it.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static CheckpointFault Unwritable(string root, string why) =>
        new("store_unwritable", $"The store {root} cannot be written: {why}");
}
