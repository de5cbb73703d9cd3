using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>The ranks of a job as rows.</summary>
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

    public static string End(RankEnd? end) =>
        end is null ? "" : end.Signal > 0 ? $"signal {end.Signal}" : $"code {end.Code}";
}
