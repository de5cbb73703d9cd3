using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>One job, whole, for a person.</summary>
internal static class JobView
{
    public static void Show(Job job, Incident? incident, HumanOutput human)
    {
        human.Facts(JobFacts.Of(job, incident));
        if (job.Ranks.Count > 0)
        {
            human.Line("");
            human.Table(JobRanks.Columns, job.Ranks.Select(JobRanks.Row).ToList(), "");
        }

        if (JobRanks.Culprit(job, incident) is { } culprit)
        {
            human.Line("");
            human.Line($"Last words of rank {culprit.Rank_} on {culprit.Node} ({JobRanks.End(culprit.End)}):");
            human.Line(culprit.End.LastLines.TrimEnd());
        }
    }
}
