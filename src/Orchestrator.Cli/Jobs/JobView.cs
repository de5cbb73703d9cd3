using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>One job, whole, for a person.</summary>
internal static class JobView
{
    /// <summary>Older checkpoints interest programs only; they are all in <c>-o json</c>.</summary>
    private const int MaximumCheckpointsShown = 5;

    private static readonly string[] RankColumns = ["RANK", "NODE", "STATE", "STEP", "PID", "END"];

    public static void Show(Job job, HumanOutput human)
    {
        human.Facts(
            ("Job", job.Id),
            ("Name", job.Spec?.Name ?? ""),
            ("Phase", Words.Of(job.Phase)),
            ("Why", Words.WithCode(job.Reason)),
            ("Attempt", job.Attempt > 0 ? Words.Number(job.Attempt) : "not launched yet"),
            ("Step", job.Step > 0 ? Words.Number(job.Step) : "none reported"),
            ("Rate", Words.Rate(job.StepsPerSecond)),
            ("Resumed from", job.ResumedFromStep > 0 ? $"step {Words.Number(job.ResumedFromStep)}" : ""),
            ("Nodes", Nodes(job)),
            ("Checkpoints", Checkpoints(job)),
            ("Last incident", job.LastIncidentId),
            ("Submitted", Words.Of(job.SubmittedAt)),
            ("Ended", Words.Of(job.EndedAt)));
        if (job.Ranks.Count == 0)
            return;
        human.Line("");
        human.Table(RankColumns, job.Ranks.Select(Row).ToList(), "");
    }

    private static string Nodes(Job job)
    {
        var names = job.Nodes.OrderBy(node => node.NodeRank).Select(node => node.Node).ToList();
        var wanted = job.Spec?.Nodes ?? 0;
        return names.Count == 0 ? $"none of {wanted} yet" : string.Join(", ", names);
    }

    private static string Checkpoints(Job job)
    {
        if (job.Checkpoints.Count == 0)
            return string.IsNullOrEmpty(job.Spec?.Checkpoint?.Store) ? "the job keeps none" : "none verified yet";
        var shown = job.Checkpoints
            .Take(MaximumCheckpointsShown)
            .Select(checkpoint => $"step {Words.Number(checkpoint.Step)} (attempt {checkpoint.Attempt})");
        var more = job.Checkpoints.Count - MaximumCheckpointsShown;
        return string.Join(", ", shown) + (more > 0 ? $", and {more} older" : "");
    }

    private static string[] Row(Rank rank) =>
    [
        Words.Number(rank.Rank_),
        rank.Node,
        rank.State,
        rank.Step > 0 ? Words.Number(rank.Step) : "",
        rank.Pid > 0 ? $"{rank.Pid}" : "",
        rank.End is null ? "" : rank.End.Signal > 0 ? $"signal {rank.End.Signal}" : $"code {rank.End.Code}",
    ];
}
