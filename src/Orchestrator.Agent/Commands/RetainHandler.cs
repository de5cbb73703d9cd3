using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Jobs;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>
/// Deletes the files of checkpoints that the control plane no longer keeps, and brings the one that it names to the
/// store.
/// </summary>
internal sealed class RetainHandler(
    MemoryTier memory, ShardShelf shelf, ShardUpload uploads, OpenStores stores, StoreCollection collection,
    JobTable jobs, ILogger<RetainHandler> log)
    : ICommandHandler
{
    public Command.BodyOneofCase Kind => Command.BodyOneofCase.Retain;

    public Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken)
    {
        var retain = command.Retain;
        NotePlan(command);
        if (stores.Open(retain.Store).Fault is { } fault)
            return Task.FromResult(CommandStart.Refuse("store_invalid", fault.Sentence));
        if (retain.Upload is { } upload)
            uploads.Want(command.JobId, upload.Step, upload.Attempt);
        else
            uploads.WantNone(command.JobId);
        return Task.FromResult(CommandStart.Accept(token => DeleteAsync(command, retain, token)));
    }

    private void NotePlan(Command command)
    {
        if (command.Retain.SavePlan is not { } plan)
            return;
        try
        {
            // The launch of a later attempt has brought a newer one.
            jobs.Change(command.JobId, job =>
                command.Attempt < job.LaunchedAttempt ? job : job with { SavePlan = plan.ToDomain() });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is obeyed all the same; only a restart of the agent would forget it, and it is said again.
            log.LogWarning("The save plan of {Job} is not stored: {Reason}", command.JobId, exception.Message);
        }
    }

    private async Task<IReadOnlyList<AgentEvent>> DeleteAsync(
        Command command, Retain retain, CancellationToken cancellationToken)
    {
        DeleteFromMemory(command, retain);
        if (!retain.FromMemoryOnly)
            await collection.RunAsync(command, cancellationToken);
        return [];
    }

    // Memory is for the next resume: of what is kept, the newest, and what is on its way to the store.
    private void DeleteFromMemory(Command command, Retain retain)
    {
        try
        {
            var needed = retain.Manifests
                .Where((manifest, age) => age == 0 || (retain.Upload is { } upload
                    && upload.Step == manifest.Step && upload.Attempt == manifest.Attempt))
                .Select(Manifests.From);
            memory.Retain(command.JobId, command.Attempt, [.. needed]);
            shelf.Sweep(command.JobId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("Old shards of {Job} are still in memory: {Reason}", command.JobId, exception.Message);
        }
    }
}
