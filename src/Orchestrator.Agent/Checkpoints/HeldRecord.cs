using System.Text.Json;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// What the agent knows of a shard, in a file beside it. In a folder of its own: what lies beside shards would be taken
/// for one, or keep their folder from going.
/// </summary>
internal static class HeldRecord
{
    private const string Folder = "held";

    public static string PathOf(MemoryTier memory, HeldShard shard, string ending) =>
        Path.Combine(memory.FolderOf(shard.JobId), Folder, shard.Shard.Path.Replace('/', '_') + ending);

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, HeldShard shard)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(shard));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Those with an ending whose shards are there.</summary>
    public static IEnumerable<HeldShard> ReadAll(MemoryTier memory, string ending, ILogger log) =>
        Directory.Exists(memory.Root)
            ? Directory.EnumerateFiles(memory.Root, "*" + ending, SearchOption.AllDirectories).ToArray()
                .Select(path => Read(path, log)).OfType<HeldShard>()
                .Where(shard => Directory.Exists(memory.PathOf(shard.JobId, shard.Shard)))
            : [];

    private static HeldShard? Read(string path, ILogger log)
    {
        try
        {
            return JsonSerializer.Deserialize<HeldShard>(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            log.LogWarning("{Record} says nothing of its shard: {Reason}", path, exception.Message);
            return null;
        }
    }
}
