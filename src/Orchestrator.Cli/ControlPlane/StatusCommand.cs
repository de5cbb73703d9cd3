using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.ControlPlane;

/// <summary><c>orch status</c></summary>
internal sealed class StatusCommand(CommandFrame frame)
    : CliCommand("status", "Show how the control plane itself is: its silos, its storage, its hosts.", frame, "status")
{
    private static readonly string[] Columns = ["SILO", "STATUS", ""];

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var plane = await context.Client.GetControlPlaneAsync(cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(plane);
            return ExitCode.Ok;
        }

        context.Human.Facts(
            ("Storage", plane.IsStorageUp
                ? $"answers, since {Words.Of(plane.StorageSince)}"
                : $"away since {Words.Of(plane.StorageSince)}: {Words.Of(plane.StorageProblem)}"),
            ("Hosts", $"{Words.Number(plane.HostsHeard)} of {Words.Number(plane.HostsExpected)} are heard"));
        context.Human.Line("");
        context.Human.Table(Columns, plane.Silos.Select(Row).ToList(), "No silo is known.");
        return ExitCode.Ok;
    }

    private static string[] Row(Silo silo) =>
        [silo.Address, silo.Status, silo.IsAnswering ? "answers this call" : ""];
}
