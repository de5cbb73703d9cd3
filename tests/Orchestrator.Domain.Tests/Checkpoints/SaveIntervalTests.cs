using CsCheck;
using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Domain.Tests.Checkpoints;

public sealed class SaveIntervalTests
{
    /// <summary>From a millisecond to thirty years, each magnitude as likely as the others.</summary>
    private static readonly Gen<TimeSpan> Times = Gen.Double[-3, 9].Select(power => At(Math.Pow(10, power)));

    private static readonly Gen<TimeSpan> AnyTime = Gen.OneOf(
        Times, Gen.Long[0, long.MaxValue].Select(TimeSpan.FromTicks), Gen.Long[0, 10].Select(TimeSpan.FromTicks),
        Gen.Const(TimeSpan.Zero), Gen.Const(TimeSpan.MaxValue));

    /// <summary>
    /// Minutes, as published: mean times between failures of Llama 3 (54 days, 419 interruptions) and of 2,048 GPUs of
    /// RSC-1 (6.50 failures per 1,000 node-days; "Revisiting Reliability in Large-Scale Machine Learning Research
    /// Clusters", HPCA'25), with what the two formulas give for them.
    /// </summary>
    [Theory]
    [InlineData(185.6, 5, 43.1, 39.8)]
    [InlineData(185.6, 1, 19.3, 18.6)]
    [InlineData(865, 5, 93.0, 89.7)]
    [InlineData(865, 0.5, 29.4, 29.1)]
    public void YoungAndDaly_PublishedFigures_GiveThePublishedIntervals(
        double mean, double cost, double young, double daly)
    {
        var (c, m) = (TimeSpan.FromMinutes(cost), TimeSpan.FromMinutes(mean));

        SaveInterval.Young(c, m).TotalMinutes.ShouldBe(young, 0.05);
        SaveInterval.Daly(c, m).TotalMinutes.ShouldBe(daly, 0.05);
        SaveInterval.Best(c, m).ShouldBe(SaveInterval.Daly(c, m));
    }

    /// <summary>HPCA'25 for 12,000 GPUs: failures per 1,000 node-days, seconds of a write, minutes between.</summary>
    [Theory]
    [InlineData(6.5, 10, 7.0)]
    [InlineData(1, 300, 98)]
    public void Young_StatementsAboutTwelveThousandGpus_Hold(double failures, double cost, double minutes) =>
        SaveInterval.Young(At(cost), TimeSpan.FromDays(1000 / (1500 * failures))).TotalMinutes.ShouldBe(minutes, 0.05);

    [Fact]
    public void Daly_SaveCostsAsMuchAsTwoMeanTimes_IsTheMeanTime()
    {
        SaveInterval.Daly(At(200), At(100)).ShouldBe(At(100));
        SaveInterval.Daly(At(1000), At(100)).ShouldBe(At(100));
        SaveInterval.Daly(At(199.999), At(100)).TotalSeconds.ShouldBe(800.0 / 9, 0.01, "where the two branches meet");
    }

    [Fact]
    public void Daly_AgainstTheMinimumOfTheExactCost_LosesAtMostTwoTenthsOfAPercent() =>
        Gen.Select(Times, Gen.Double[-6, 0.5]).Sample((mean, power) =>
        {
            var cost = mean * Math.Pow(10, power);
            if (cost < TimeSpan.FromMilliseconds(1))
            {
                return;
            }

            var (c, m) = (cost.TotalSeconds, mean.TotalSeconds);
            var least = RunTime(Minimum(c, m), c, m);
            (RunTime(SaveInterval.Daly(cost, mean).TotalSeconds, c, m) / least).ShouldBeInRange(1 - 1e-9, 1.002);
        });

    [Fact]
    public void Best_WhereSavesAreCheap_IsTheMinimumOfTheExactCost() =>
        Gen.Select(Times, Gen.Double[-6, -1.5]).Sample((mean, power) =>
        {
            var cost = mean * Math.Pow(10, power);
            if (cost < TimeSpan.FromMilliseconds(1))
            {
                return;
            }

            var best = Minimum(cost.TotalSeconds, mean.TotalSeconds);
            (SaveInterval.Best(cost, mean).TotalSeconds / best).ShouldBe(1, 0.001);
        });

    [Fact]
    public void Best_EitherFigureRises_NeverFalls() =>
        Gen.Select(Times, Times, Gen.Double[1, 100]).Sample((cost, mean, factor) =>
        {
            var interval = SaveInterval.Best(cost, mean);

            SaveInterval.Best(cost * factor, mean).ShouldBeGreaterThanOrEqualTo(interval);
            SaveInterval.Best(cost, mean * factor).ShouldBeGreaterThanOrEqualTo(interval);
        });

    [Fact]
    public void Any_AnyTimes_StaysWithinItsBounds() => Gen.Select(AnyTime, AnyTime).Sample((cost, mean) =>
    {
        var daly = SaveInterval.Daly(cost, mean);
        daly.ShouldBeInRange(TimeSpan.Zero, mean);
        SaveInterval.Best(cost, mean).ShouldBeInRange(cost, cost > mean ? cost : mean);
        SaveInterval.Young(cost, mean).ShouldBeGreaterThanOrEqualTo(daly < mean ? daly : TimeSpan.Zero);
    });

    [Fact]
    public void Any_NegativeTime_IsRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => SaveInterval.Daly(At(-1), At(1)));
        Should.Throw<ArgumentOutOfRangeException>(() => SaveInterval.Young(At(1), At(-1)));
    }

    /// <summary>
    /// Wall time per second of training, with failures that come by chance alone (Daly 2006, eq. 20, without the
    /// restart, which changes no optimum): M (e^((t+C)/M) - 1) / t.
    /// </summary>
    private static double RunTime(double interval, double cost, double mean) =>
        mean * ExpMinusOne((interval + cost) / mean) / interval;

    /// <summary>Where its derivative is zero, 1 - t/M = e^(-(t+C)/M), by bisection.</summary>
    private static double Minimum(double cost, double mean)
    {
        var (low, high) = (0.0, mean);
        for (var halving = 0; halving < 100; halving++)
        {
            var middle = (low + high) / 2;
            var isBelow = -ExpMinusOne(-(middle + cost) / mean) > middle / mean;
            (low, high) = isBelow ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>e^x - 1 without the loss of digits where x is small.</summary>
    private static double ExpMinusOne(double x) => Math.Abs(x) > 1e-5 ? Math.Exp(x) - 1 : x + (x * x / 2);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
