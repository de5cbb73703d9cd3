using Orchestrator.Agent.Watching;

namespace Orchestrator.Agent.Tests.Watching;

public sealed class WatchPatternTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("out/ckpt.pt", "out/ckpt.pt")]
    [InlineData("out/*.pt", "out/a.pt out/ckpt.pt")]
    [InlineData("out/?.pt", "out/a.pt")]
    [InlineData("runs/*/last.pt", "runs/1/last.pt runs/2/last.pt")]
    [InlineData("runs/?/*.pt", "runs/1/last.pt runs/2/first.pt runs/2/last.pt")]
    [InlineData("*/*.pt", "out/a.pt out/ckpt.pt")]
    [InlineData("nowhere/*/x.pt", "")]
    [InlineData("out/missing.pt", "")]
    [InlineData("out", "")]
    public void Files_OfAPattern_AreThoseOfAShell(string pattern, string expected)
    {
        foreach (var name in new[] { "out/a.pt", "out/ckpt.pt", "out/.b.pt", "out/c.pt.superseded", "out/d.txt",
            "runs/1/last.pt", "runs/2/last.pt", "runs/2/first.pt", ".x/y.pt" })
            Write(name);
        File.CreateSymbolicLink(Path.Combine(_root, "out/latest.pt"), "ckpt.pt");

        new WatchPattern(Path.Combine(_root, pattern)).Files()
            .Select(file => Path.GetRelativePath(_root, file.Path)).Order()
            .ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Files_OneThatIsNamed_MayBeALink()
    {
        Write("ckpt.pt");
        File.WriteAllText(Path.Combine(_root, "ckpt.pt"), "weights");
        File.CreateSymbolicLink(Path.Combine(_root, "latest.pt"), "ckpt.pt");

        var file = new WatchPattern(Path.Combine(_root, "latest.pt")).Files().ShouldHaveSingleItem();

        file.SizeBytes.ShouldBe(7);
        file.Path.ShouldEndWith("latest.pt");
    }

    [Theory]
    [InlineData("/job/out/ckpt.pt", "/job/out/ckpt.pt", "ckpt.pt")]
    [InlineData("/job/out/*.pt", "/job/out/a.pt", "a.pt")]
    [InlineData("/job/runs/*/last.pt", "/job/runs/7/last.pt", "7/last.pt")]
    public void NameOf_AFile_LeadsBackToItAndIsTaken(string pattern, string path, string name)
    {
        var files = new WatchPattern(pattern);

        files.NameOf(path).ShouldBe(name);
        files.PathOf(name).ShouldBe(path);
        files.Takes(name).ShouldBeTrue();
        files.Takes("other/" + name).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/o/step-*/rank-3.pt", "step-40/rank-3.pt", 40UL)]
    [InlineData("/o/*.pt", "0012.pt", 12UL)]
    [InlineData("/o/step-*.pt", "step-last.pt", null)]
    [InlineData("/o/step-*.pt", "step-.pt", null)]
    [InlineData("/o/step-*.pt", "other-4.pt", null)]
    [InlineData("/o/step-*-*.pt", "step-4-5.pt", null)]
    [InlineData("/o/step.pt", "step.pt", null)]
    public void NumberIn_AName_IsWhatTheOnlyStarStandsFor(string pattern, string name, ulong? number) =>
        new WatchPattern(pattern).NumberIn(name).ShouldBe(number);

    private void Write(string name)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
    }
}
