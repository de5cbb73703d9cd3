using System.Net.Sockets;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Training;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Finds a rendezvous port and reads the checkpoint that the attempt is to resume from.</summary>
internal sealed class PrepareHandler(
    JobTable jobs, FreePort ports, CheckpointReader checkpoints, TimeProvider time, ILogger<PrepareHandler> log)
    : ICommandHandler
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
        var fault = command.Prepare.Resume is { } resume
            ? await checkpoints.VerifyAsync(command.Prepare.Store, Manifests.From(resume), cancellationToken)
            : null;
        // Probed last: reading a large checkpoint leaves time for somebody else to take the port.
        if (await FindPortAsync(command, cancellationToken) is not { } port)
            return [];
        var prepared = new Prepared
        {
            JobId = command.JobId,
            Attempt = command.Attempt,
            Port = (uint)port,
            CheckpointValid = fault is null,
        };
        if (fault is not null)
            prepared.CheckpointFault = new Reason { Code = fault.Code, Sentence = fault.Sentence };
        return [new AgentEvent { Prepared = prepared }];
    }

    // Ports come free again, and no other answer would help the job. Null when the attempt is over meanwhile.
    private async Task<int?> FindPortAsync(Command command, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time);
        while (!jobs.Get(command.JobId).IsOver(command.Attempt))
        {
            try
            {
                return ports.Find();
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                log.LogError("No port for {Job} yet: {Reason}", command.JobId, exception.Message);
            }

            await backoff.WaitAsync(cancellationToken);
        }

        return null;
    }
}
