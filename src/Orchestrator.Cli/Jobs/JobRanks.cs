using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>The ranks of a job as rows, and the last words of the one that failed.</summary>
internal static class JobRanks
{
    public static readonly string[] Columns = ["RANK", "NODE", "STATE", "STEP", "PID", "END"];

    public static string[] Row(Rank rank) =>
    [
        Words.Number(rank.Rank_),
        rank.Node,
        rank.State,
        rank.Step > 0 ? Words.Number(rank.Step) : "",
        rank.Pid > 0 ? $"{rank.Pid}" : "",
        End(rank.End),
    ];

    /// <summary>
    /// The rank whose end explains a failed job, with its last words: one on the blamed node that ended by itself
    /// rather than by a signal. Null where the job has not failed, or no rank said anything.
    /// </summary>
    public static Rank? Culprit(Job job, Incident? incident) => job.Phase != JobPhase.Failed ? null : job.Ranks
        .Where(rank => rank.End is { LastLines.Length: > 0 } end && (end.Code > 0 || end.Signal > 0))
        .OrderByDescending(rank => rank.Node == incident?.Node)
        .ThenByDescending(rank => rank.End.Signal == 0)
        .FirstOrDefault();

    public static string End(RankEnd? end) =>
        end is null ? "" : end.Signal > 0 ? $"signal {end.Signal}" : $"code {end.Code}";
}
