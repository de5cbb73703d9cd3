using Orchestrator.Cli.CommandLine;
using Spectre.Console;

namespace Orchestrator.Cli.Output;

/// <summary>Tables and lines for people: boxed on a terminal, plain columns in a file or pipe.</summary>
internal sealed class HumanOutput(CliEnvironment environment)
{
    private const string ColumnGap = "  ";

    private IAnsiConsole? _console;

    /// <summary>The terminal, for what is drawn rather than written.</summary>
    public IAnsiConsole Console => _console ??= AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(environment.Out) });

    public void Line(string text)
    {
        environment.Out.WriteLine(text);
        environment.Out.Flush();
    }

    /// <summary>Writes a table, or a sentence where it has no rows.</summary>
    public void Table(string[] columns, IReadOnlyList<string[]> rows, string whenEmpty)
    {
        if (rows.Count == 0)
        {
            Line(whenEmpty);
        }
        else if (environment.IsTerminal)
        {
            Console.Write(TerminalTable.Of(columns, rows));
        }
        else
        {
            PlainTable(columns, rows);
        }
    }

    /// <summary>Writes facts below each other; those without a value are left out.</summary>
    public void Facts(params (string Name, string Value)[] facts)
    {
        var said = facts.Where(fact => fact.Value.Length > 0).ToArray();
        var width = said.Length == 0 ? 0 : said.Max(fact => fact.Name.Length);
        foreach (var (name, value) in said)
        {
            Line($"{name.PadRight(width)}{ColumnGap}{value}");
        }
    }

    private void PlainTable(string[] columns, IReadOnlyList<string[]> rows)
    {
        var widths = columns
            .Select((column, index) => Math.Max(column.Length, rows.Max(row => row[index].Length)))
            .ToArray();
        foreach (var row in rows.Prepend(columns))
        {
            var cells = row.Select((cell, index) => cell.PadRight(widths[index]));
            Line(string.Join(ColumnGap, cells).TrimEnd());
        }
    }
}
