namespace Orchestrator.Architecture.Tests;

/// <summary>Small files, short lines, nothing left for later.</summary>
public sealed class TidyTests(ITestOutputHelper output)
{
    private const int MostLines = 500;
    private const int ManyLines = 300;
    private const int MostColumns = 120;

    [Fact]
    public void Files_AreShort()
    {
        var lengths = Sources.Files.Select(file => file.Lines.Length).Order().ToArray();
        output.WriteLine($"{lengths.Length} files, median {lengths[lengths.Length / 2]} lines, "
            + $"p90 {lengths[lengths.Length * 9 / 10]}, longest {lengths[^1]}");
        foreach (var (path, lines) in Sources.Files.Where(file => file.Lines.Length > ManyLines))
        {
            output.WriteLine($"over the soft limit of {ManyLines}: {path} has {lines.Length} lines");
        }

        Sources.Files.Where(file => file.Lines.Length > MostLines).Select(file => file.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Lines_FitInTheirColumns() =>
        (from file in Sources.Files
         from line in file.Lines.Index()
         where line.Item.Length > MostColumns
         select $"{file.Path}:{line.Index + 1} has {line.Item.Length} columns").ShouldBeEmpty();

    [Theory]
    [InlineData("Thread", "Sleep")]
    [InlineData("Task", "Delay")]
    public void Tests_WaitForEventsAndNeverForTime(string type, string method) =>
        Sources.Find($"{type}.{method}(", "tests/").ShouldBeEmpty("wait for the event, with a timeout that names it");

    [Theory]
    [InlineData("NotImplemented", "Exception")]
    [InlineData("TO", "DO")]
    [InlineData("FIX", "ME")]
    [InlineData("HA", "CK:")]
    public void Sources_LeaveNothingForLater(string first, string second) =>
        Sources.Find(first + second).ShouldBeEmpty();
}
