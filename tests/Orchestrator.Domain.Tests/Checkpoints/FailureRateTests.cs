using CsCheck;
using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Domain.Tests.Checkpoints;

public sealed class FailureRateTests
{
    [Fact]
    public void MeanTimeBetween_NothingSeen_IsThePublishedOne()
    {
        Mean(16_384, 0).TotalMinutes.ShouldBe(185.6, 0.05, "54 days / 419, as published");
        Mean(2_048, 0).TotalMinutes.ShouldBe(8 * 185.6, 0.4, "an eighth of the GPUs fails an eighth as often");
        Mean(4, 0).TotalDays.ShouldBe(527.9, 0.1);
    }

    [Fact]
    public void MeanTimeBetween_TheSameTraceAgain_KeepsTheRate() =>
        FailureRate.MeanTimeBetween(16_384, 419, TimeSpan.FromDays(54)).TotalMinutes.ShouldBe(185.6, 0.05);

    [Fact]
    public void MeanTimeBetween_MuchSeen_IsWhatWasSeen() =>
        FailureRate.MeanTimeBetween(16_384, 1000, TimeSpan.FromHours(1000)).TotalHours.ShouldBe(1, 0.01);

    [Fact]
    public void MeanTimeBetween_SmallJobThatFailsEveryHour_IsSoonFoundToDoSo()
    {
        Mean(2, 0).TotalDays.ShouldBe(1055.8, 0.1);
        FailureRate.MeanTimeBetween(2, 1, TimeSpan.FromHours(1)).TotalDays.ShouldBe(4.7, 0.1);
        FailureRate.MeanTimeBetween(2, 3, TimeSpan.FromHours(3)).TotalHours.ShouldBe(8.9, 0.1);
        FailureRate.MeanTimeBetween(2, 10, TimeSpan.FromHours(10)).TotalHours.ShouldBe(2.0, 0.1);
    }

    [Fact]
    public void MeanTimeBetween_NoFailureForLong_Rises() =>
        FailureRate.MeanTimeBetween(16_384, 0, TimeSpan.FromDays(54)).TotalDays.ShouldBe(54.1, 0.1);

    [Fact]
    public void MeanTimeBetween_AnyInput_IsPositiveFallsWithFailuresAndRisesWithTime() => Gen.Select(
        Gen.Int[1, 600_000], Gen.Int[0, 1_000_000], Gen.Long[0, long.MaxValue]).Sample((gpus, failures, ticks) =>
        {
            var observed = TimeSpan.FromTicks(ticks);
            var mean = FailureRate.MeanTimeBetween(gpus, failures, observed);

            mean.ShouldBeGreaterThan(TimeSpan.Zero);
            // Logarithms are rounded.
            var bound = mean.TotalSeconds * (1 + 1e-9);
            FailureRate.MeanTimeBetween(gpus, failures + 1, observed).TotalSeconds.ShouldBeLessThanOrEqualTo(bound);
            FailureRate.MeanTimeBetween(gpus, failures, observed / 2).TotalSeconds.ShouldBeLessThanOrEqualTo(bound);
            FailureRate.MeanTimeBetween(gpus + 1, failures, observed).TotalSeconds.ShouldBeLessThanOrEqualTo(bound);
        });

    private static TimeSpan Mean(int gpus, int failures) =>
        FailureRate.MeanTimeBetween(gpus, failures, TimeSpan.Zero);
}
