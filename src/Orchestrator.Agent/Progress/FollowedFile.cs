using System.Text;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Progress;

/// <summary>The lines that are added to a file, over truncation, rotation and restarts of the agent.</summary>
/// <remarks>
/// The file is opened anew for each look: a writer may replace it, and a kept descriptor would follow the old one.
/// A file that was replaced or rewritten is read from its beginning.
/// </remarks>
internal sealed class FollowedFile(string path) : IFollowed
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r'; // Progress bars end their lines with it.
    private long _seenLength = -1;

    public FileMark Mark { get; set; } = FileMark.Missing;

    /// <summary>The new lines.</summary>
    /// <param name="isLast">Nobody writes any more, so that an unfinished line is one too.</param>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    public IReadOnlyList<string> Read(bool isLast)
    {
        // The rank makes it when it is so far.
        using var file = RegularFile.TryOpen(path);
        if (file is null)
            return [];
        var start = Start(file);
        var length = RandomAccess.GetLength(file);
        // A writer that stopped in the middle of a line for a whole look has nothing to add to it.
        var takesRest = isLast || length == _seenLength;
        _seenLength = length;
        if (start >= length)
            return [];
        var bytes = new byte[(int)Math.Min(length - start, AgentLimits.ProgressBytesPerLook)];
        var text = bytes.AsSpan(0, RandomAccess.Read(file, bytes, start));
        var lines = new List<string>();
        var taken = Split(text, takesRest, lines);
        Mark = FileMark.At(start + taken, file);
        return lines;
    }

    private long Start(SafeFileHandle file)
    {
        var start = Mark.IsIn(file) ? Mark.Position : 0;
        // The newest lines tell the progress; a reader that is far behind would never come to them.
        start = Math.Max(start, RandomAccess.GetLength(file) - AgentLimits.ProgressBytesPerLook);
        return SparseFile.NextData(file, start);
    }

    private static int Split(ReadOnlySpan<byte> text, bool takesRest, List<string> lines)
    {
        var taken = 0;
        while (taken < text.Length)
        {
            var rest = text[taken..];
            var end = rest[..Math.Min(rest.Length, AgentLimits.ProgressLineBytes)]
                .IndexOfAny(LineFeed, CarriageReturn);
            if (end < 0 && rest.Length < AgentLimits.ProgressLineBytes && !takesRest)
                break;
            // A longer line is looked at in pieces.
            var line = end >= 0 ? rest[..end] : rest[..Math.Min(rest.Length, AgentLimits.ProgressLineBytes)];
            lines.Add(Encoding.UTF8.GetString(line));
            taken += line.Length + (end >= 0 ? 1 : 0);
        }

        return taken;
    }
}
