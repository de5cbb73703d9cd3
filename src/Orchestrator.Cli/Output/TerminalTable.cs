using Spectre.Console;

namespace Orchestrator.Cli.Output;

/// <summary>A table with a border, for terminals.</summary>
internal static class TerminalTable
{
    public static Table Of(IEnumerable<string> columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        return table;
    }
}
