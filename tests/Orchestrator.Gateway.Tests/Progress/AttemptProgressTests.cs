using Orchestrator.Domain.Jobs;
using Orchestrator.Gateway.Progress;

namespace Orchestrator.Gateway.Tests.Progress;

public sealed class AttemptProgressTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly AttemptProgress _progress = new();

    [Fact]
    public void Read_OneStepTold_HasNoPaceYet()
    {
        Tell(rank: 0, step: 7, second: 0);

        Read().Step.ShouldBe(7);
        Read().UsualStep.ShouldBeNull();
        Read().StepsPerSecond.ShouldBe(0);
    }

    [Fact]
    public void Read_StepsFarApart_HavePaceThoughNoRate()
    {
        Tell(rank: 0, step: 1, second: 0);
        Tell(rank: 0, step: 2, second: 60);
        Tell(rank: 0, step: 3, second: 120);

        Read().UsualStep.ShouldBe(TimeSpan.FromSeconds(60));
        Read().StepsPerSecond.ShouldBe(0, "none of the last seconds saw two steps");
    }

    [Fact]
    public void Read_ASaveBetweenSteps_DoesNotCountInTheMedianStep()
    {
        Tell(rank: 0, step: 2, second: 1);
        Read().MedianStep.ShouldBeNull();

        Tell(rank: 0, step: 4, second: 2);
        Tell(rank: 0, step: 5, second: 22);
        Tell(rank: 0, step: 7, second: 23);

        Read().MedianStep.ShouldBe(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void Read_ManySteps_PaceIsThatOfTheNewest()
    {
        for (var second = 0; second < 40; second++)
        {
            Tell(rank: second % 4, step: second < 20 ? 1 + second : 20 * (second - 18), second);
        }

        Read().UsualStep.ShouldBe(TimeSpan.FromSeconds(1.0 / 20));
    }

    [Fact]
    public void Read_RanksTellOfTheSameStepAgain_IsHeardButNotFinishedLater()
    {
        Tell(rank: 0, step: 1, second: 0);
        Tell(rank: 0, step: 2, second: 1);

        Tell(rank: 1, step: 2, second: 1, heardAt: 9);

        Read().FinishedAt.ShouldBe(Start.AddSeconds(1));
        Read().HeardAt.ShouldBe(Start.AddSeconds(9));
        Read().UsualStep.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Read_SameStepFinishedAgain_IsASignOfLifeButNoPace()
    {
        Tell(rank: 0, step: 1, second: 0);
        Tell(rank: 0, step: 2, second: 1);

        Tell(rank: 0, step: 2, second: 8);

        Read().FinishedAt.ShouldBe(Start.AddSeconds(8));
        Read().UsualStep.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("train", true)]
    [InlineData("training", true)]
    [InlineData("eval", false)]
    [InlineData("checkpoint", false)]
    public void Read_AnyRankInAPhaseOfItsOwn_IsNotOrdinaryTraining(string phase, bool isTraining)
    {
        Tell(rank: 0, step: 2, second: 1);
        Tell(rank: 1, step: 2, second: 1, phase: phase);
        Tell(rank: 0, step: 2, second: 1, heardAt: 5);
        Read().IsTraining.ShouldBe(isTraining);

        Tell(rank: 1, step: 2, second: 1, heardAt: 6);
        Read().IsTraining.ShouldBeTrue("the phase is over");
    }

    [Fact]
    public void Read_GangWentOnAfterTheLastWordOfARank_ItsPhaseIsOver()
    {
        Tell(rank: 1, step: 10, second: 1, phase: "checkpoint");
        Tell(rank: 0, step: 11, second: 2);
        Read().IsTraining.ShouldBeFalse("the step may have been under way before the phase");

        Tell(rank: 0, step: 12, second: 3);

        Read().IsTraining.ShouldBeTrue("no step is finished without all ranks");
    }

    private void Tell(int rank, long step, double second, double? heardAt = null, string phase = "") =>
        _progress.Report(
            rank, new RankBeat(step, Start.AddSeconds(second), phase), Start.AddSeconds(heardAt ?? second));

    private JobProgress Read() => _progress.Read().ShouldNotBeNull();
}
