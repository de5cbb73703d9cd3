using System.Text;
using System.Text.Json;

namespace Orchestrator.Agent.Ranks;

/// <summary>What a rank said last, for the person who looks for the cause.</summary>
internal static class LastLines
{
    /// <summary>
    /// The traceback that torch's error handler recorded; else the end of stderr; else, when that is empty, of stdout.
    /// At most <see cref="AgentLimits.LastLinesBytes"/> bytes, from the start of a line.
    /// </summary>
    public static string Of(RankFolder folder)
    {
        if (RecordedTraceback(folder.ErrorFile) is { Length: > 0 } traceback)
            return Tail(Encoding.UTF8.GetBytes(traceback));
        var errors = Tail(ReadEnd(folder.StandardError));
        return errors.Length > 0 ? errors : Tail(ReadEnd(folder.StandardOutput));
    }

    private static string? RecordedTraceback(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            var message = document.RootElement.GetProperty("message");
            if (message.ValueKind == JsonValueKind.String)
                return message.GetString();
            var text = message.GetProperty("message").GetString();
            return message.TryGetProperty("extraInfo", out var extra)
                && extra.TryGetProperty("py_callstack", out var stack)
                ? stack.GetString()
                : text;
        }
        catch (Exception exception) when (exception is IOException or JsonException or KeyNotFoundException
            or InvalidOperationException or UnauthorizedAccessException)
        {
            // Absent in nearly every exit, or written by something else than torch: the logs then speak.
            return null;
        }
    }

    private static byte[] ReadEnd(string path)
    {
        try
        {
            return File.Exists(path) ? ReadLastBytes(path) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The end of a rank is worth more than its words, and must be told without them.
            return Encoding.UTF8.GetBytes($"{path} could not be read: {exception.Message}");
        }
    }

    private static byte[] ReadLastBytes(string path)
    {
        // One byte more than is shown tells whether the first byte shown starts a line.
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(file);
        var start = Math.Max(0, length - AgentLimits.LastLinesBytes - 1);
        var bytes = new byte[(int)(length - start)];
        var read = RandomAccess.Read(file, bytes, start);
        return bytes[..read];
    }

    private static string Tail(byte[] bytes)
    {
        var excess = bytes.Length - AgentLimits.LastLinesBytes;
        if (excess <= 0)
            return Decoder().GetString(bytes).TrimEnd('\n');
        var lineStart = Array.IndexOf(bytes, (byte)'\n', excess - 1) + 1;
        // One line longer than the limit has no start within it, and its end is still worth more than nothing.
        var from = lineStart > 0 && lineStart < bytes.Length ? lineStart : excess;
        // A cut inside a character, or raw bytes, would grow when replaced; such bytes become question marks.
        return Decoder().GetString(bytes, from, bytes.Length - from).TrimEnd('\n');
    }

    private static Encoding Decoder() => Encoding.GetEncoding(
        "utf-8", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("?"));
}
