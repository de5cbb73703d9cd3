using Orchestrator.Agent.Jobs;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Finds a rendezvous port and reads the checkpoint that the attempt is to resume from.</summary>
internal sealed class PrepareHandler(JobTable jobs, FreePort ports) : ICommandHandler
{
    public Command.BodyOneofCase Kind => Command.BodyOneofCase.Prepare;

    public Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken)
    {
        if (jobs.Get(command.JobId).IsOver(command.Attempt))
            return Task.FromResult(Refusals.AttemptOver(command));
        if (command.Prepare.Resume is not null && !Path.IsPathFullyQualified(command.Prepare.Store))
            return Task.FromResult(Refusals.StoreInvalid(command.Prepare.Store));
        return Task.FromResult(CommandStart.Accept(token => PrepareAsync(command, token)));
    }

    private async Task<IReadOnlyList<AgentEvent>> PrepareAsync(Command command, CancellationToken cancellationToken)
    {
        var fault = await VerifyAsync(command.Prepare, cancellationToken);
        var prepared = new Prepared
        {
            JobId = command.JobId,
            Attempt = command.Attempt,
            // Probed last: reading a large checkpoint leaves time for somebody else to take the port.
            Port = (uint)ports.Find(),
            CheckpointValid = fault is null,
        };
        if (fault is not null)
            prepared.CheckpointFault = new Reason { Code = fault.Code, Sentence = fault.Sentence };
        return [new AgentEvent { Prepared = prepared }];
    }

    private static async Task<CheckpointFault?> VerifyAsync(Prepare prepare, CancellationToken cancellationToken) =>
        prepare.Resume is { } resume
            ? await new FolderCheckpointStore(prepare.Store).VerifyAsync(Manifests.From(resume), cancellationToken)
            : null;
}
