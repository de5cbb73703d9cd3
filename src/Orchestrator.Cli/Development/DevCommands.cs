using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Commands;

namespace Orchestrator.Cli.Development;

/// <summary><c>orch dev</c></summary>
internal static class DevCommands
{
    public static Command Create(CommandFrame frame) =>
        new("dev", "A cluster of virtual hosts on this machine, to try things and to break them.")
        {
            new UpCommand(frame),
            new DownCommand(frame),
            new StatusCommand(frame),
            new KillHostCommand(frame),
            StartHostCommand.ForHost(frame),
            FreezeCommand.ForHost(frame),
            ThawCommand.ForHost(frame),
            new KillAgentCommand(frame),
            StartHostCommand.ForAgent(frame),
            FreezeCommand.ForAgent(frame),
            ThawCommand.ForAgent(frame),
            new KillSiloCommand(frame),
            new StartSiloCommand(frame),
        };
}
