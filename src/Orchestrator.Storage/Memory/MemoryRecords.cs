using Orleans.Storage;

namespace Orchestrator.Storage.Memory;

/// <summary>Records in memory, for tests of grains. Several silos, or a restarted one, can share them.</summary>
public sealed class MemoryRecords
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Key), Row> _rows = [];

    internal Row? Find(string kind, string key)
    {
        lock (_lock)
            return _rows.GetValueOrDefault((kind, key));
    }

    /// <summary>Stores a record, or clears it where the JSON is null, if the caller knows the newest version.</summary>
    internal Row Store(string kind, string key, string? expectedVersion, BinaryData? json)
    {
        lock (_lock)
        {
            var stored = _rows.GetValueOrDefault((kind, key));
            if (stored?.ETag != expectedVersion)
                throw new InconsistentStateException(
                    $"The {kind} record \"{key}\" has been stored by another activation meanwhile.",
                    stored?.ETag,
                    expectedVersion);

            var row = new Row((stored?.Version ?? 0) + 1, json);
            _rows[(kind, key)] = row;
            return row;
        }
    }

    internal List<(string Key, BinaryData Json)> List(string kind)
    {
        lock (_lock)
            return [.. _rows
                .Where(row => row.Key.Kind == kind && row.Value.Json is not null)
                .Select(row => (row.Key.Key, row.Value.Json!))];
    }

    /// <summary>A stored record; cleared ones keep their version, as in the database.</summary>
    internal sealed record Row(int Version, BinaryData? Json)
    {
        public string ETag { get; } = Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
