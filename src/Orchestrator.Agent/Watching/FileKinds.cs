using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Watching;

/// <summary>Tells by its content whether a file is whole, for the kinds that can tell.</summary>
internal static class FileKinds
{
    private const int HeaderLengthBytes = 8;

    // The format's own bound.
    private const ulong MostHeaderBytes = 100_000_000;
    private const byte PickleMark = 0x80;

    /// <summary>
    /// The file is what its name says, to its end. What cannot be told is taken for whole: then that it stands still
    /// has to be enough.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool IsWhole(string path)
    {
        using var handle = RegularFile.TryOpen(path);
        if (handle is null || RandomAccess.GetLength(handle) == 0)
            return false;
        using var file = new FileStream(handle, FileAccess.Read);
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            // Before PyTorch 1.6 a row of pickles, of which nothing tells where it ends.
            ".PT" or ".PTH" => FirstByte(file) == PickleMark || IsZip(file),
            // Others use these names for formats of their own.
            ".BIN" or ".CKPT" => !BeginsAsZip(file) || IsZip(file),
            ".NPZ" or ".ZIP" => IsZip(file),
            ".SAFETENSORS" => IsSafetensors(file),
            ".JSON" => file.Length > AgentLimits.WatchedJsonBytes || IsJson(file),
            _ => true,
        };
    }

    private static int FirstByte(FileStream file)
    {
        file.Position = 0;
        var first = file.ReadByte();
        file.Position = 0;
        return first;
    }

    private static bool BeginsAsZip(FileStream file)
    {
        Span<byte> start = stackalloc byte[4];
        file.Position = 0;
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start[..read].StartsWith("PK"u8);
    }

    // The list of what an archive holds is written last, and stands at its end.
    private static bool IsZip(FileStream file)
    {
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return archive.Entries.Count > 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    // The header, which is written first, says where the last tensor ends.
    private static bool IsSafetensors(FileStream file)
    {
        Span<byte> length = stackalloc byte[HeaderLengthBytes];
        if (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            return false;
        var header = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (header > MostHeaderBytes || header > (ulong)(file.Length - HeaderLengthBytes))
            return false;
        var bytes = new byte[(int)header];
        file.ReadExactly(bytes);
        return EndIn(bytes) is { } end && HeaderLengthBytes + (long)header + end == file.Length;
    }

    private static long? EndIn(byte[] header)
    {
        try
        {
            using var document = JsonDocument.Parse(header);
            return document.RootElement.EnumerateObject()
                .Where(entry => entry.Name != "__metadata__")
                .Select(entry => entry.Value.GetProperty("data_offsets")[1].GetInt64())
                .DefaultIfEmpty(0).Max();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException
            or KeyNotFoundException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static bool IsJson(FileStream file)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
