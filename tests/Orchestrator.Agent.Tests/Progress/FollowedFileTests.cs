using System.Globalization;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Tests.Fixture;

namespace Orchestrator.Agent.Tests.Progress;

public sealed class FollowedFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
    private readonly FollowedFile _followed;

    public FollowedFileTests() => _followed = new FollowedFile(Log);

    private string Log => Path.Combine(_root, "log");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Read_FileGrows_GivesEachLineOnce()
    {
        Next().ShouldBeEmpty("the file is not there yet");
        File.AppendAllText(Log, "one\ntwo\rthree");
        Next().ShouldBe(["one", "two"]);
        File.AppendAllText(Log, " and more\n");
        Next().ShouldBe(["three and more"]);
        Next().ShouldBeEmpty();
    }

    [Fact]
    public void Read_LineUnfinishedForAWholeLook_IsTaken()
    {
        File.WriteAllText(Log, "step 7");
        Next().ShouldBeEmpty("more of it may come");
        Next().ShouldBe(["step 7"]);
        Next().ShouldBeEmpty();
    }

    [Fact]
    public void Read_LastLook_TakesTheUnfinishedLine()
    {
        File.WriteAllText(Log, "one\nstep 7");

        _followed.Read(isLast: true).ShouldBe(["one", "step 7"]);
    }

    [Fact]
    public void Read_FileTruncated_BeginsAnew()
    {
        File.WriteAllText(Log, "one\ntwo\n");
        Next();
        File.WriteAllText(Log, "new\n");

        Next().ShouldBe(["new"]);
    }

    [Fact]
    public void Read_FileRotated_BeginsAnewWithTheNewOne()
    {
        File.WriteAllText(Log, "one\ntwo\n");
        Next();
        File.Move(Log, Log + ".1");
        File.WriteAllText(Log, "three\nfour\nand five\n");

        Next().ShouldBe(["three", "four", "and five"]);
    }

    [Theory]
    [InlineData("step 10\n", "step 11\n")]
    [InlineData("step 9\n", "step 10\n")]
    public void Read_FileRewrittenInPlace_GivesTheNewLine(string before, string after)
    {
        File.WriteAllText(Log, before);
        Next();
        File.WriteAllText(Log, after);

        Next().ShouldBe([after.TrimEnd('\n')]);
    }

    [Fact]
    public void Read_LineLongerThanTheLimit_ComesInPieces()
    {
        File.WriteAllText(Log, new string('x', (3 * AgentLimits.ProgressLineBytes) + 5) + "\nshort\n");

        var lines = Next();

        lines.ShouldAllBe(line => line.Length <= AgentLimits.ProgressLineBytes);
        lines.Sum(line => line.Length).ShouldBe((3 * AgentLimits.ProgressLineBytes) + 10);
        lines[^1].ShouldBe("short");
    }

    [Fact]
    public void Read_FarBehind_GoesOnWithTheNewestLines()
    {
        File.WriteAllLines(Log, Numbers(1, 400_000));

        var lines = Next();

        lines[^1].ShouldBe("400000");
        lines.Sum(line => line.Length + 1).ShouldBeLessThanOrEqualTo(AgentLimits.ProgressBytesPerLook);
    }

    [Fact]
    public void Read_WithTheMarkOfAnEarlierReader_GoesOnBehindIt()
    {
        File.WriteAllText(Log, "one\ntw");
        Next();
        File.AppendAllText(Log, "o\nthree\n");

        new FollowedFile(Log) { Mark = _followed.Mark }.Read(isLast: false).ShouldBe(["two", "three"]);
    }

    [Fact]
    public void Read_FromTheEndAtTheLaunch_LeavesOutWhatOthersWrote()
    {
        File.WriteAllText(Log, "of an earlier attempt\n");
        _followed.Mark = FileMark.AtEndOf(Log);
        File.AppendAllText(Log, "own\n");

        Next().ShouldBe(["own"]);
    }

    [Fact]
    public void Read_Pipe_IsRefusedAndBlocksNobody()
    {
        BrokenFile.Blocking(Log);

        Should.Throw<IOException>(Next).Message.ShouldContain("is a pipe");
    }

    [Fact]
    public void Watch_FileWrittenAgain_CountsEachChangeOnce()
    {
        var watched = new WatchedFile(Log);
        watched.Read(isLast: false).ShouldBeEmpty();
        for (var change = 0; change < 3; change++)
        {
            File.WriteAllText(Log, $"{change}");
            File.SetLastWriteTimeUtc(Log, DateTime.UnixEpoch.AddSeconds(change));
            watched.Read(isLast: false).Count.ShouldBe(1);
            watched.Read(isLast: false).ShouldBeEmpty();
        }

        File.Delete(Log);
        watched.Read(isLast: false).ShouldBeEmpty("a file that is replaced is gone for a moment");
    }

    private static IEnumerable<string> Numbers(int from, int count) =>
        Enumerable.Range(from, count).Select(number => number.ToString(CultureInfo.InvariantCulture));

    private IReadOnlyList<string> Next() => _followed.Read(isLast: false);
}
