using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Jobs.Logs;

/// <summary>Writes lines of many ranks, each with a prefix that says whose it is, one line at a time.</summary>
internal sealed class LogLines
{
    private const string Reset = "\u001b[0m";

    /// <summary>Colours that are told apart on dark and light grounds: cyan, yellow, green, magenta, blue.</summary>
    private static readonly string[] Colours = ["\u001b[36m", "\u001b[33m", "\u001b[32m", "\u001b[35m", "\u001b[34m"];

    private readonly Lock _turn = new();
    private readonly CommandContext _context;
    private readonly bool _hasColours;
    private int _width;

    public LogLines(CommandContext context)
    {
        _context = context;
        _hasColours = context.Environment.IsTerminal && context.Environment.NonEmptyVariable("NO_COLOR") is null;
    }

    /// <summary>Makes prefixes wide enough for these.</summary>
    public void Align(IEnumerable<RankPlace> places)
    {
        foreach (var place in places)
            _width = Math.Max(_width, Label(place).Length);
    }

    /// <summary>A line that a rank wrote.</summary>
    public void Write(RankPlace place, bool isError, string text)
    {
        if (!_context.IsJson)
        {
            WritePrefixed(place, text);
            return;
        }

        lock (_turn)
        {
            _context.Json.Write(new JsonObject
            {
                ["rank"] = place.Rank,
                ["node"] = place.Node,
                ["attempt"] = place.Attempt,
                ["stream"] = isError ? "stderr" : "stdout",
                ["line"] = text,
            });
        }
    }

    /// <summary>A word about a rank's log; as data it would be taken for a line of the rank.</summary>
    public void Note(RankPlace place, string sentence)
    {
        if (_context.IsJson)
            _context.Environment.Error.WriteLine($"{Label(place)} --- {sentence}");
        else
            WritePrefixed(place, $"--- {sentence}");
    }

    private static string Label(RankPlace place) => $"[rank {place.Rank} {place.Node}]";

    private void WritePrefixed(RankPlace place, string text)
    {
        var label = Label(place).PadRight(_width);
        var prefix = _hasColours ? $"{Colours[place.Rank % Colours.Length]}{label}{Reset}" : label;
        lock (_turn)
            _context.Human.Line($"{prefix} {text}");
    }
}
