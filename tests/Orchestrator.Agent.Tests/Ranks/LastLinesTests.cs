using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Tests.Ranks;

public sealed class LastLinesTests : IDisposable
{
    private readonly RankFolder _folder = new(Directory.CreateTempSubdirectory("orchestrator-test-").FullName);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public void Of_NothingWritten_IsEmpty() => LastLines.Of(_folder).ShouldBeEmpty();

    [Fact]
    public void Of_StderrEmpty_IsTheEndOfStdout()
    {
        File.WriteAllText(_folder.StandardError, "");
        File.WriteAllText(_folder.StandardOutput, "a\nb\n");

        LastLines.Of(_folder).ShouldBe("a\nb");
    }

    [Fact]
    public void Of_LongStderr_StartsAtALineAndKeepsTheLimit()
    {
        File.WriteAllText(_folder.StandardError, string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}\n")));

        var words = LastLines.Of(_folder);

        words.Length.ShouldBeInRange(4_000, 4_096);
        words.ShouldStartWith("line ");
        words.ShouldEndWith("line 1999");
    }

    [Fact]
    public void Of_OneEndlessLineOfRawBytes_KeepsTheLimit()
    {
        File.WriteAllBytes(_folder.StandardError, [.. Enumerable.Repeat((byte)0xFF, 10_000)]);

        System.Text.Encoding.UTF8.GetByteCount(LastLines.Of(_folder)).ShouldBeInRange(1, 4_096);
    }

    [Fact]
    public void Of_TorchRecordedAnError_IsItsTraceback()
    {
        File.WriteAllText(_folder.StandardError, "noise\n");
        File.WriteAllText(_folder.ErrorFile, """
            {"message": {"message": "RuntimeError: boom",
             "extraInfo": {"py_callstack": "Traceback (most recent call last):\n  boom", "timestamp": "1"}}}
            """);

        LastLines.Of(_folder).ShouldBe("Traceback (most recent call last):\n  boom");
    }

    [Fact]
    public void Of_ErrorFileIsGarbage_FallsBackToTheLogs()
    {
        File.WriteAllText(_folder.StandardError, "noise\n");
        File.WriteAllText(_folder.ErrorFile, "[1, 2");

        LastLines.Of(_folder).ShouldBe("noise");
    }
}
