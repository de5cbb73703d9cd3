using System.Text;
using CsCheck;
using Orchestrator.Cli.Jobs.Logs;

namespace Orchestrator.Cli.Tests.Jobs.Logs;

public sealed class LineSplitterTests
{
    [Fact]
    public void Add_AnyCuts_GiveTheLinesOfTheWhole() =>
        Gen.Select(Gen.Char['a', 'e'].Array.Select(letters => new string(letters).Replace('e', '\n')), Gen.Int[1, 9])
            .Sample((text, size) =>
            {
                var splitter = new LineSplitter();
                var lines = Encoding.UTF8.GetBytes(text).Chunk(size).SelectMany(piece => splitter.Add(piece)).ToList();
                if (splitter.Rest() is { } rest)
                    lines.Add(rest);

                lines.ShouldBe(text.EndsWith('\n') ? text[..^1].Split('\n') : text.Length == 0 ? [] : text.Split('\n'));
            });

    [Fact]
    public void Add_CharacterCutInTwo_IsWhole()
    {
        var splitter = new LineSplitter();

        splitter.Add([0xC3]).ShouldBeEmpty();
        splitter.Add([0xA9, (byte)'\n']).ShouldBe(["é"]);
    }

    [Theory]
    [InlineData("one\r\n", "one")]
    [InlineData(" 10%\r 50%\r100%\n", "100%")]
    public void Add_CarriageReturns_LeaveWhatATerminalWouldShow(string text, string line) =>
        new LineSplitter().Add(Encoding.UTF8.GetBytes(text)).ShouldBe([line]);

    [Fact]
    public void Add_LineWithoutEnd_IsCutAtTheLimit()
    {
        var splitter = new LineSplitter();

        var lines = splitter.Add(Enumerable.Repeat((byte)'x', 150_000).ToArray());

        lines.Count.ShouldBe(2);
        (lines.Sum(line => line.Length) + splitter.Rest()!.Length).ShouldBe(150_000);
    }
}
