using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Refusals that more than one command has.</summary>
internal static class Refusals
{
    public static CommandStart AttemptOver(Command command) => CommandStart.Refuse(
        "attempt_over", $"Attempt {command.Attempt} of {command.JobId} was stopped or followed by a later one here.");

    public static CommandStart StoreInvalid(string store) => CommandStart.Refuse(
        "store_invalid", $"The checkpoint store '{store}' is not an absolute path.");
}
