namespace Orchestrator.Domain.Checkpoints;

/// <summary>How long to train between two saves, so that saving and training again cost least together.</summary>
/// <remarks>
/// The formulas take failures for independent of each other. What they give is the time of training between two saves;
/// the save itself comes on top of it.
/// </remarks>
public static class SaveInterval
{
    /// <summary>The formula of <see cref="Daly"/> and where it comes from, for display.</summary>
    public const string Formula =
        "Daly 2006, eq. 37: sqrt(2CM) * (1 + sqrt(C/2M)/3 + (C/2M)/9) - C, where a save costs C < 2M; M otherwise";

    /// <summary>
    /// The first-order optimum, sqrt(2CM): J. W. Young, "A first order approximation to the optimum checkpoint
    /// interval", CACM 17(9), 1974. For comparison: it is too long where a save costs much.
    /// </summary>
    /// <param name="saveCost">What a save holds training up; not negative.</param>
    /// <param name="meanTimeBetweenFailures">Of the job; not negative.</param>
    /// <returns>Training between two saves.</returns>
    public static TimeSpan Young(TimeSpan saveCost, TimeSpan meanTimeBetweenFailures)
    {
        Check(saveCost, meanTimeBetweenFailures);
        return Time(Math.Sqrt(2.0 * saveCost.Ticks * meanTimeBetweenFailures.Ticks));
    }

    /// <summary>
    /// The optimum of higher order: J. T. Daly, "A higher order estimate of the optimum checkpoint interval for restart
    /// dumps", Future Generation Computer Systems 22(3), 2006, eq. 37. The run takes at most 0.2 % longer by it than by
    /// the true optimum.
    /// </summary>
    /// <param name="saveCost">What a save holds training up; not negative.</param>
    /// <param name="meanTimeBetweenFailures">Of the job; not negative.</param>
    /// <returns>Training between two saves.</returns>
    public static TimeSpan Daly(TimeSpan saveCost, TimeSpan meanTimeBetweenFailures)
    {
        Check(saveCost, meanTimeBetweenFailures);
        double cost = saveCost.Ticks;
        double mean = meanTimeBetweenFailures.Ticks;
        if (cost >= 2 * mean)
        {
            return meanTimeBetweenFailures;
        }

        var share = cost / (2 * mean);
        return Time((Math.Sqrt(2 * cost * mean) * (1 + (Math.Sqrt(share) / 3) + (share / 9))) - cost);
    }

    /// <summary>
    /// What jobs save by: Daly's optimum, but never less training than a save costs. Where failures come nearly as
    /// often as a save ends, the optimum falls below that; the floor makes the interval rise with both figures
    /// everywhere.
    /// </summary>
    /// <param name="saveCost">What a save holds training up; not negative.</param>
    /// <param name="meanTimeBetweenFailures">Of the job; not negative.</param>
    /// <returns>Training between two saves.</returns>
    public static TimeSpan Best(TimeSpan saveCost, TimeSpan meanTimeBetweenFailures)
    {
        var optimum = Daly(saveCost, meanTimeBetweenFailures);
        return optimum > saveCost ? optimum : saveCost;
    }

    private static void Check(TimeSpan saveCost, TimeSpan meanTimeBetweenFailures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(saveCost, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(meanTimeBetweenFailures, TimeSpan.Zero);
    }

    /// <summary>Ticks as a time: what is longer than times can be is the longest one.</summary>
    private static TimeSpan Time(double ticks) =>
        ticks >= TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : TimeSpan.FromTicks((long)Math.Max(ticks, 0));
}
