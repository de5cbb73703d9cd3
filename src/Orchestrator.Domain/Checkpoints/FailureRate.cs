namespace Orchestrator.Domain.Checkpoints;

/// <summary>How often training fails: by what was published at first, and more and more by what was seen.</summary>
public static class FailureRate
{
    /// <summary>
    /// GPU time per failure before anything was seen, 50,677 h: 419 unexpected interruptions in 54 days on 16,384 GPUs,
    /// from "The Llama 3 Herd of Models", arXiv 2407.21783, section 3.3.4.
    /// </summary>
    public static readonly TimeSpan PublishedGpuTime = TimeSpan.FromHours(54 * 24 * 16_384.0 / 419);

    /// <summary>
    /// Mean time between failures of a job: the geometric mean of (prior time + observed time) / (1 + failures), of
    /// weight 1, and observed time / failures, of weight failures.
    /// </summary>
    /// <remarks>
    /// The first is one over the posterior mean of a Poisson rate whose prior is one failure in the published time, and
    /// alone would need as many failures as the prior is wrong by a factor: a small job that fails every hour would be
    /// told to save once a day. But rates that were published differ by factors (1.1 to 6.5 per 1,000 node-days), and
    /// those of small jobs by more. On a logarithmic scale, what n failures say has a variance of about 1/n, and a
    /// prior that may be wrong by a factor of e one of 1: hence the weights.
    /// </remarks>
    /// <param name="gpus">GPUs of the job, any of which fails all of it; at least 1.</param>
    /// <param name="failures">Failures that stopped its training; not negative.</param>
    /// <param name="observed">Its training time; not negative.</param>
    /// <returns>Positive.</returns>
    public static TimeSpan MeanTimeBetween(int gpus, int failures, TimeSpan observed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gpus, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        ArgumentOutOfRangeException.ThrowIfLessThan(observed, TimeSpan.Zero);
        var posterior = ((PublishedGpuTime.Ticks / (double)gpus) + observed.Ticks) / (1.0 + failures);
        var seen = Math.Max(observed.Ticks, 1) / (double)Math.Max(failures, 1);
        var mean = Math.Exp((Math.Log(posterior) + (failures * Math.Log(seen))) / (1.0 + failures));
        return mean >= TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : TimeSpan.FromTicks(Math.Max((long)mean, 1));
    }
}
