namespace Orchestrator.Storage;

/// <summary>The limits of this room, each with its reason.</summary>
internal static class StorageLimits
{
    /// <summary>
    /// Writes that may wait for their turn. SQLite takes hundreds to a few thousand writes per second, so more than
    /// this would wait longer than a grain call's timeout of 30 seconds; a refusal now is better than an unknown
    /// outcome then.
    /// </summary>
    public const int WaitingWrites = 10_000;

    /// <summary>
    /// How long a statement waits for another process that holds the file, such as a backup. Within one silo nobody
    /// waits, because writes take turns.
    /// </summary>
    public static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(10);
}
