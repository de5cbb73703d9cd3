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
    /// Mean time between failures of a job: one over the posterior mean of a Poisson rate whose prior is a gamma
    /// distribution of one failure in the published time, (1 + failures) / (prior time + observed time).
    /// </summary>
    /// <param name="gpus">GPUs of the job, any of which fails all of it; at least 1.</param>
    /// <param name="failures">Failures that stopped its training; not negative.</param>
    /// <param name="observed">Its training time; not negative.</param>
    /// <returns>Positive.</returns>
    public static TimeSpan MeanTimeBetween(int gpus, int failures, TimeSpan observed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gpus, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        ArgumentOutOfRangeException.ThrowIfLessThan(observed, TimeSpan.Zero);
        var seen = ((PublishedGpuTime.Ticks / (double)gpus) + observed.Ticks) / (1.0 + failures);
        return seen >= TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : TimeSpan.FromTicks(Math.Max((long)seen, 1));
    }
}
