using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Nodes;

/// <summary><c>orch pools</c></summary>
internal sealed class PoolsCommand(CommandFrame frame)
    : CliCommand("pools", "List the warm pools, and the jobs that wait for their nodes.", frame, "pools")
{
    private static readonly string[] Columns = ["POOL", "USABLE", "WARM", "LEASED", "SPARES", "REPLACED", "WAITING"];
    private static readonly string[] WaitingColumns = ["POOL", "JOB", "NODES", "FOR", "WHY"];

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var pools = await context.Client.ListPoolsAsync(cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.WriteArray(pools);
            return ExitCode.Ok;
        }

        context.Human.Table(Columns, pools.Select(Row).ToList(), "There is no pool yet: no node has joined.");
        var waiting = pools.SelectMany(pool => pool.Waiting.Select(job => WaitingRow(pool, job))).ToList();
        if (waiting.Count > 0)
        {
            context.Human.Line("");
            context.Human.Table(WaitingColumns, waiting, "");
        }

        return ExitCode.Ok;
    }

    private static string[] Row(Pool pool) =>
    [
        pool.Name,
        Words.Number(pool.Usable),
        Words.Number(pool.Warm),
        Words.Number(pool.Leased),
        Words.Number(pool.Spares),
        $"{Words.Number(pool.ReplacedLastMinute)} of {Words.Number(pool.ReplacementsPerMinute)} a minute",
        Words.Number((ulong)pool.Waiting.Count),
    ];

    private static string[] WaitingRow(Pool pool, WaitingJob job) =>
    [
        pool.Name,
        job.JobId,
        Words.Number(job.Nodes),
        job.IsReplacement ? "replacement" : "start",
        Words.Of(job.Reason),
    ];
}
