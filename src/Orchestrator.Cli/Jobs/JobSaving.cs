using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>How often a job does best to save, what that follows from, and who does it, in one line.</summary>
internal static class JobSaving
{
    /// <summary>Empty for a job that keeps no checkpoints.</summary>
    public static string Of(Job job) =>
        job.SaveInterval is { } saving ? $"{Interval(saving)}; {Plan(job, saving)}" : "";

    private static string Interval(SaveInterval saving)
    {
        var interval = Time(saving.IntervalS);
        return saving.SaveCostMs == 0
            ? $"{interval} until the first save is measured"
            : $"{interval} (Daly 2006: a save costs {Words.Milliseconds(saving.SaveCostMs)}, "
                + $"a failure every {Time(saving.MeanTimeBetweenFailuresS)}, {Seen(saving)})";
    }

    private static string Seen(SaveInterval saving) =>
        (saving.Failures == 0 ? "as published, since none was seen" : $"as published and by {saving.Failures} seen")
        + $" in {Time(saving.ObservedS)}";

    private static string Plan(Job job, SaveInterval saving) => (job.Spec?.Checkpoint?.AutoInterval, saving) switch
    {
        (not true, _) => "advice only, the script saves when it likes",
        (_, { EverySteps: 0 }) => "no plan before two steps were seen",
        _ => $"the script saves every {Words.Number(saving.EverySteps)} steps "
            + $"from step {Words.Number(saving.FromStep)} on",
    };

    private static string Time(double seconds) =>
        Words.Duration(TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2)));
}
