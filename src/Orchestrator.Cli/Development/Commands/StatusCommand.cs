using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev status</c></summary>
internal sealed class StatusCommand(CommandFrame frame)
    : DevCommand(
        "status", "Show which processes of the cluster run, and which are frozen.", frame, "dev status",
        "dev status -o json")
{
    private static readonly string[] Columns = ["PROGRAM", "STATE", "PID", "PROCESSES", "LOG"];

    protected override Task<int> RunAsync(
        CommandContext context, DataFolder data, CancellationToken cancellationToken)
    {
        var cluster = ClusterFile.Read(data);
        var programs = new List<ProgramStatus>
        {
            ProgramStatus.Of("silo", cluster.Silo, ClusterProcesses.OfSilo(cluster, data), data.SiloLog),
        };
        programs.AddRange(cluster.Hosts.Select(host =>
            ProgramStatus.Of(host.Name, host.Agent, ClusterProcesses.OfHost(host), host.Files.Log)));
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
    /// <param name="IsFrozen">The program itself is stopped by a signal, and so says nothing.</param>
    /// <param name="Processes">All of the silo, or all of the host: agent, supervisors and ranks.</param>
    /// <param name="FrozenProcesses">How many of them are stopped by a signal.</param>
    /// <param name="Log">Absolute path.</param>
    private sealed record ProgramStatus(
        string Name, int? Pid, bool IsFrozen, int Processes, int FrozenProcesses, string Log)
    {
        private string State => this switch
        {
            { Pid: null } => "stopped",
            { IsFrozen: false } => "running",
            _ => FrozenProcesses == Processes ? "frozen" : "agent frozen",
        };

        public static ProgramStatus Of(string name, ProcessIdentity? process, List<int> processes, string log)
        {
            int? pid = ProcessTable.IsRunning(process) ? process!.Pid : null;
            var frozen = processes.Where(ProcessTable.IsStopped).ToHashSet();
            return new(name, pid, pid is not null && frozen.Contains(pid.Value), processes.Count, frozen.Count, log);
        }

        public string[] ToRow() => [Name, State, $"{Pid}", $"{Processes}", Log];

        public JsonObject ToJson() => new JsonObject
        {
            ["name"] = Name,
            ["isRunning"] = Pid is not null,
            ["isFrozen"] = IsFrozen,
            ["pid"] = Pid,
            ["processes"] = Processes,
            ["frozenProcesses"] = FrozenProcesses,
            ["log"] = Log,
        };
    }
}
