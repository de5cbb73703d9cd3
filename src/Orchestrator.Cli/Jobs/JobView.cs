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

        if (job.FailureText.Length > 0)
        {
            human.Line("");
            human.Line("Traceback:");
            human.Line(job.FailureText.TrimEnd());
        }
    }
}
