namespace Orchestrator.Domain.Checkpoints;

/// <summary>One file of a shard.</summary>
/// <param name="Name">Path relative to the shard, with '/' between parts.</param>
/// <param name="SizeBytes">Its size in bytes.</param>
/// <param name="Sha256">SHA-256 of its content as read back after the write, lower-case hex.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.ShardFile")]
public sealed record ShardFile(string Name, long SizeBytes, string Sha256)
{
    /// <summary>XXH3 of 128 bits of the same content, lower-case hex; empty where only the other is known.</summary>
    [Id(0)] public string Xxh128 { get; init; } = "";
}
