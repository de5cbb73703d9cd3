namespace Orchestrator.Storage.Schema;

/// <summary>What a look at the stored database found.</summary>
public enum StorageState
{
    /// <summary>It has the schema that this program works with.</summary>
    Ready,

    /// <summary>There is no database yet. Initializing creates it.</summary>
    Missing,

    /// <summary>It was made by an older program. Initializing brings it up to date.</summary>
    Behind,

    /// <summary>It was made or migrated by a newer program, whose schema this one does not know.</summary>
    Newer,

    /// <summary>It is a file of something else.</summary>
    Foreign,

    /// <summary>It is ours, but parts of the schema are missing or altered.</summary>
    Incomplete,

    /// <summary>SQLite finds the file itself damaged.</summary>
    Damaged,

    /// <summary>The folder or the file cannot be read or written.</summary>
    Unusable,

    /// <summary>Another silo works on the folder.</summary>
    InUse,
}
