using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Jobs;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>
/// Deletes the files of checkpoints that the control plane no longer keeps, and brings the one that it names to the
/// store.
/// </summary>
internal sealed class RetainHandler(
    MemoryTier memory, ShardShelf shelf, ShardUpload uploads, OpenStores stores, JobTable jobs,
    ILogger<RetainHandler> log)
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
            await CollectAsync(command, retain, cancellationToken);
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

    private async Task CollectAsync(Command command, Retain retain, CancellationToken cancellationToken)
    {
        var store = stores.Open(retain.Store).Store!;
        StoredCheckpoint[] kept = [.. retain.Manifests.Select(Manifests.From)];
        // The store describes itself: whoever finds it later needs no control plane to read it.
        foreach (var manifest in retain.Manifests.Where(manifest => manifest.Shards.All(shard => shard.IsDurable)))
        {
            if (await store.PutManifestAsync(Manifests.From(manifest), cancellationToken) is { } unwritten)
                log.LogWarning("{Job}: {Reason}", command.JobId, unwritten.Sentence);
        }

        var deleted = await store.CollectAsync(command.JobId, (int)command.Attempt, kept, cancellationToken);
        // What is left takes room and nothing else; the next order finds it again.
        if (deleted.Fault is { } fault)
            log.LogWarning("Old shards of {Job} could not all be deleted: {Reason}", command.JobId, fault.Sentence);
        log.LogInformation("Deleted {Count} shards of {Job} that are no longer kept", deleted.Value, command.JobId);
    }
}
