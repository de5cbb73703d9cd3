using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Deletes the files of checkpoints that the control plane no longer keeps.</summary>
internal sealed class RetainHandler(ILogger<RetainHandler> log) : ICommandHandler
{
    public Command.BodyOneofCase Kind => Command.BodyOneofCase.Retain;

    public Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken)
    {
        var retain = command.Retain;
        return Task.FromResult(Path.IsPathFullyQualified(retain.Store)
            ? CommandStart.Accept(token => Task.Run(() => Delete(command, retain), token))
            : Refusals.StoreInvalid(retain.Store));
    }

    private IReadOnlyList<AgentEvent> Delete(Command command, Retain retain)
    {
        try
        {
            var deleted = new FolderCheckpointStore(retain.Store)
                .Retain(command.JobId, (int)command.Attempt, [.. retain.Manifests.Select(Manifests.From)]);
            log.LogInformation("Deleted {Count} shards of {Job} that are no longer kept", deleted, command.JobId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left takes room and nothing else; the next order finds it again.
            log.LogWarning("Old shards of {Job} could not all be deleted: {Reason}", command.JobId, exception.Message);
        }

        return [];
    }
}
