using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev status</c></summary>
internal sealed class StatusCommand(CommandFrame frame)
    : DevCommand("status", "Show which processes of the cluster run.", frame, "dev status", "dev status -o json")
{
    private static readonly string[] Columns = ["PROGRAM", "STATE", "PID", "PROCESSES", "LOG"];

    protected override Task<int> RunAsync(
        CommandContext context, DataFolder data, CancellationToken cancellationToken)
    {
        var cluster = ClusterFile.Read(data);
        var programs = new List<ProgramStatus>
        {
            ProgramStatus.Of("silo", cluster.Silo, ClusterProcesses.OfSilo(cluster, data).Count, data.SiloLog),
        };
        programs.AddRange(cluster.Hosts.Select(host =>
            ProgramStatus.Of(host.Name, host.Agent, ClusterProcesses.OfHost(host).Count, host.Files.Log)));
        if (context.IsJson)
        {
            context.Json.Write(new JsonObject
            {
                ["server"] = cluster.Server,
                ["dataFolder"] = data.Root,
                ["programs"] = new JsonArray(programs.Select(program => (JsonNode)program.ToJson()).ToArray()),
            });
            return Task.FromResult(ExitCode.Ok);
        }

        context.Human.Line($"Control plane at {cluster.Server}, data in {data.Root}");
        context.Human.Table(Columns, programs.Select(program => program.ToRow()).ToList(), "");
        return Task.FromResult(ExitCode.Ok);
    }

    /// <param name="Name">"silo", or the host whose agent it is.</param>
    /// <param name="Pid">Null when it does not run.</param>
    /// <param name="Processes">All of the silo, or all of the host: agent, supervisors and ranks.</param>
    /// <param name="Log">Absolute path.</param>
    private sealed record ProgramStatus(string Name, int? Pid, int Processes, string Log)
    {
        public static ProgramStatus Of(string name, ProcessIdentity? process, int processes, string log) =>
            new(name, ProcessTable.IsRunning(process) ? process!.Pid : null, processes, log);

        public string[] ToRow() => [Name, Pid is null ? "stopped" : "running", $"{Pid}", $"{Processes}", Log];

        public JsonObject ToJson() => new JsonObject
        {
            ["name"] = Name,
            ["isRunning"] = Pid is not null,
            ["pid"] = Pid,
            ["processes"] = Processes,
            ["log"] = Log,
        };
    }
}
