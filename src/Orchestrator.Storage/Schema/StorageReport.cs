namespace Orchestrator.Storage.Schema;

/// <summary>The answer to "can the silo work on this database?".</summary>
/// <param name="State">What was found.</param>
/// <param name="SchemaVersion">The schema version in the file; null where none could be read.</param>
/// <param name="Sentence">For people: what was found, where, and what to do about it.</param>
public sealed record StorageReport(StorageState State, int? SchemaVersion, string Sentence)
{
    /// <summary>Whether a silo may start on it as it is.</summary>
    public bool IsReady => State == StorageState.Ready;

    /// <summary>The machine code of <see cref="State"/>, such as <c>storage_newer</c>. It never changes.</summary>
    public string Code => State switch
    {
        StorageState.Ready => "storage_ready",
        StorageState.Missing => "storage_missing",
        StorageState.Behind => "storage_behind",
        StorageState.Newer => "storage_newer",
        StorageState.Foreign => "storage_foreign",
        StorageState.Incomplete => "storage_incomplete",
        StorageState.Damaged => "storage_damaged",
        StorageState.InUse => "storage_in_use",
        _ => "storage_unusable",
    };

    internal bool CanInitialize => State is StorageState.Missing or StorageState.Behind;
}
