using System.Text.Json;

namespace Orchestrator.Storage.Json;

/// <summary>Reads a stored record, and says which one it was where that fails.</summary>
internal static class RecordText
{
    /// <summary>Reads one record from its stored JSON.</summary>
    /// <exception cref="UnreadableRecordException">The JSON does not fit the type.</exception>
    public static TRecord Read<TRecord>(string kind, string key, ReadOnlySpan<byte> json)
        where TRecord : class
    {
        try
        {
            return JsonSerializer.Deserialize<TRecord>(json, RecordJson.Options)
                ?? throw new JsonException("It is null.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new UnreadableRecordException(kind, key, typeof(TRecord), error);
        }
    }
}
