using Orchestrator.Agent.Watching;

namespace Orchestrator.Agent.Tests.Watching;

public sealed class WatchMarkTests
{
    private static readonly FileStamp Ten = new("/o/ckpt-10.pt", 5, 100);

    [Theory]
    [InlineData("/o/ckpt-20.pt", 5, 101, true)]
    [InlineData("/o/ckpt-10.pt", 5, 101, true)]
    [InlineData("/o/ckpt-10.pt", 6, 100, true)]
    [InlineData("/o/ckpt-10.pt", 5, 99, true)]
    [InlineData("/o/ckpt-10.pt", 5, 100, false)]
    [InlineData("/o/ckpt-5.pt", 5, 99, false)]
    [InlineData("/o/ckpt-9.pt", 5, 100, false)]
    public void IsBefore_AFile_IsNewWhenItWasWrittenSince(string path, long size, long writtenAt, bool isNew) =>
        new WatchMark(Ten, 10).IsBefore(new FileStamp(path, size, writtenAt)).ShouldBe(isNew);

    [Fact]
    public void IsBefore_NothingWasThere_AnyFileIsNew() => new WatchMark(null, 0).IsBefore(Ten).ShouldBeTrue();

    [Theory]
    [InlineData(true, 45UL, 45UL)]
    [InlineData(true, 40UL, 41UL)]
    [InlineData(true, 0UL, 41UL)]
    [InlineData(false, 45UL, 41UL)]
    public void StepOf_AFile_IsTheToldStepWhereItRisesAndElseTheNext(bool knowsSteps, ulong told, ulong step) =>
        new WatchMark(null, 40).StepOf(new WatchRule("/o/ckpt-*.pt", false, knowsSteps, 1), Ten, told).ShouldBe(step);

    [Theory]
    [InlineData("/o/ckpt-50.pt", 50UL)]
    [InlineData("/o/ckpt-40.pt", null)]
    [InlineData("/o/ckpt-last.pt", null)]
    public void StepOf_APartOfARank_IsTheNumberInItsName(string path, ulong? step) =>
        new WatchMark(null, 40).StepOf(new WatchRule("/o/ckpt-*.pt", true, true, 2), Ten with { Path = path }, 77)
            .ShouldBe(step);
}
