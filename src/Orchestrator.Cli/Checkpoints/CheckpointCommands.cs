using System.CommandLine;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Checkpoints;

/// <summary><c>orch checkpoint</c></summary>
internal static class CheckpointCommands
{
    public static Command Create(CommandFrame frame) => new("checkpoint", "Verify, restore or forget checkpoints.")
    {
        new VerifyCommand(frame),
        new RestoreCommand(frame),
        new PruneCommand(frame),
    };
}
