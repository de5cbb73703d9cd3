using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>What a submission would do, for a person.</summary>
internal static class SubmitPlanView
{
    private static readonly string[] AheadColumns = ["JOB", "NODES", "FOR", "WHY"];

    public static void Show(SubmitPlan plan, HumanOutput human)
    {
        var spec = plan.Spec;
        human.Line(plan.StartsNow ? "The job would start now." : "The job would wait.");
        human.Facts(
            ("Why", Words.WithCode(plan.Reason)),
            ("On", string.Join(", ", plan.Nodes)),
            ("Name", spec.Name),
            ("Gang", $"{spec.Nodes} x {spec.RanksPerNode} ranks = {(ulong)spec.Nodes * spec.RanksPerNode}"),
            ("Command", string.Join(' ', spec.Command.Select(Quoted))),
            ("In", spec.WorkingDirectory),
            ("Environment", string.Join(", ", spec.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"{pair.Key}={pair.Value}"))),
            ("Checkpoints", Checkpoints(spec.Checkpoint)),
            ("Gives up after", $"{spec.Recovery.StopAfterNoProgress} attempts in a row without progress"),
            ("Planned stop", $"SIGKILL {Words.Milliseconds(spec.Recovery.StopGraceMs)} after SIGTERM"),
            ("Lease", $"{Words.Milliseconds(spec.Recovery.LeaseMs)} of silence end a host's ranks"));
        if (plan.Ahead.Count == 0)
            return;
        human.Line("");
        human.Line("Served before it:");
        human.Table(AheadColumns, plan.Ahead.Select(Row).ToList(), "");
    }

    private static string Checkpoints(CheckpointPolicy? policy) => string.IsNullOrEmpty(policy?.Store)
        ? "none: a recovery starts from nothing"
        : $"the newest {policy.Keep} in {policy.Store}/JOB-ID";

    private static string Quoted(string word) =>
        word.Length > 0 && !word.Any(char.IsWhiteSpace) ? word : $"'{word}'";

    private static string[] Row(WaitingJob job) =>
    [
        job.JobId,
        Words.Number(job.Nodes),
        job.IsReplacement ? "replacement" : "start",
        Words.Of(job.Reason),
    ];
}
