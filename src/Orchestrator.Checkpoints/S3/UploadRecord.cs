using System.Text.Json;

namespace Orchestrator.Checkpoints.S3;

/// <summary>
/// A file that remembers what a shard's upload has begun and done, so that another process goes on with it. One line
/// for each thing, only ever appended; a line that a crash cut off is as if it had not been written.
/// </summary>
internal sealed class UploadRecord
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly Dictionary<string, string> _begun = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);

    private UploadRecord(string path) => _path = path;

    /// <summary>Reads a record; one that does not exist is empty.</summary>
    public static UploadRecord Open(string path)
    {
        var record = new UploadRecord(path);
        if (!File.Exists(path))
            return record;
        foreach (var line in File.ReadLines(path))
            record.Take(line);
        // What is appended next begins a line of its own, after a cut one, too.
        File.AppendAllText(path, "\n");
        return record;
    }

    public bool IsDone(string key)
    {
        lock (_gate)
            return _done.Contains(key);
    }

    public string? UploadOf(string key)
    {
        lock (_gate)
            return _begun.GetValueOrDefault(key);
    }

    public void Begin(string key, string upload) => Append(new Line(key, upload, Done: false));

    public void Finish(string key) => Append(new Line(key, null, Done: true));

    public void Delete() => File.Delete(_path);

    private void Append(Line line)
    {
        lock (_gate)
        {
            File.AppendAllText(_path, JsonSerializer.Serialize(line) + "\n");
            Apply(line);
        }
    }

    private void Take(string text)
    {
        try
        {
            if (text.Length > 0 && JsonSerializer.Deserialize<Line>(text) is { Key: not null } line)
                Apply(line);
        }
        catch (JsonException)
        {
            // Cut off by a crash: what it was about is done again.
        }
    }

    private void Apply(Line line)
    {
        if (line.Done)
            _done.Add(line.Key);
        else if (line.Upload is not null)
            _begun[line.Key] = line.Upload;
    }

    private sealed record Line(string Key, string? Upload, bool Done);
}
