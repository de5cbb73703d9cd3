namespace Orchestrator.Storage.Sqlite;

/// <summary>A write was refused because too many others wait for the disk. It did not happen.</summary>
/// <param name="limit">The number of writes that may wait.</param>
public sealed class StorageBusyException(int limit) : Exception(
    $"{limit} writes wait for the database already. Slow the callers down, or use a faster disk or a smaller fleet.");
