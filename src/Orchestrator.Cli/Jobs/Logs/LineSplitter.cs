using System.Text;

namespace Orchestrator.Cli.Jobs.Logs;

/// <summary>Makes whole lines of pieces that end anywhere.</summary>
internal sealed class LineSplitter
{
    /// <summary>A longer line is cut there: no line of text is, and memory is bounded.</summary>
    private const int MaximumLineBytes = 64 * 1024;

    private readonly List<byte> _begun = [];

    /// <summary>Adds a piece, and gives the lines that are whole now, without their ends.</summary>
    public List<string> Add(ReadOnlySpan<byte> piece)
    {
        var lines = new List<string>();
        while (!piece.IsEmpty)
        {
            var end = piece.IndexOf((byte)'\n');
            var room = MaximumLineBytes - _begun.Count;
            var isWhole = end >= 0 && end <= room;
            var taken = isWhole ? end : Math.Min(piece.Length, room);
            _begun.AddRange(piece[..taken]);
            piece = piece[(isWhole ? taken + 1 : taken)..];
            if (isWhole || _begun.Count == MaximumLineBytes)
                lines.Add(Take());
        }

        return lines;
    }

    /// <summary>The line that nothing ended; null where there is none.</summary>
    public string? Rest() => _begun.Count > 0 ? Take() : null;

    private string Take()
    {
        var text = Encoding.UTF8.GetString(_begun.ToArray()).TrimEnd('\r');
        _begun.Clear();
        // A progress bar writes over itself; what a terminal would still show is its last state.
        return text[(text.LastIndexOf('\r') + 1)..];
    }
}
