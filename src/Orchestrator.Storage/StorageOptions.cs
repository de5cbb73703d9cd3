namespace Orchestrator.Storage;

/// <summary>Where a silo of the embedded profile keeps its records.</summary>
public sealed record StorageOptions
{
    /// <summary>
    /// The folder that holds the database; created, readable by its owner only, when it is not there. A relative path
    /// counts from the working directory. It must lie on a local disk, and belongs to one silo at a time.
    /// </summary>
    /// <remarks>There is no default: records put where nobody expects them are records lost.</remarks>
    public required string DataFolder { get; init; }
}
