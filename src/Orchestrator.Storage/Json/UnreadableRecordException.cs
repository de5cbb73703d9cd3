namespace Orchestrator.Storage.Json;

/// <summary>A stored record does not fit the type that this program reads it as.</summary>
/// <param name="kind">The record's kind.</param>
/// <param name="key">The record's key within its kind.</param>
/// <param name="type">The type that was asked for.</param>
/// <param name="cause">What the JSON reader objected to.</param>
public sealed class UnreadableRecordException(string kind, string key, Type type, Exception cause) : Exception(
    $"The stored {kind} record \"{key}\" cannot be read as {type.Name}: {cause.Message} " +
    "Run the program version that wrote it, or correct that record.",
    cause);
