using System.Collections.Concurrent;
using Orchestrator.Agent.Commands;
using Orchestrator.Checkpoints;
using Orchestrator.Checkpoints.Durable;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Keeps a job's store as its record wants it: the manifests of what is durable are there, and what is not kept is
/// gone. Of the orders that come while one is carried out only the newest counts: a store that does not answer would
/// otherwise be asked by more and more of them.
/// </summary>
internal sealed class StoreCollection(OpenStores stores, ILogger<StoreCollection> log)
{
    private readonly ConcurrentDictionary<string, Command> _newest = [];
    private readonly ConcurrentDictionary<string, bool> _busy = [];
    private readonly ConcurrentDictionary<string, HashSet<CheckpointId>> _written = [];

    /// <summary>Carries the newest order of the job out; returns at once where another call does.</summary>
    public async Task RunAsync(Command command, CancellationToken cancellationToken)
    {
        _newest[command.JobId] = command;
        if (!_busy.TryAdd(command.JobId, true))
            return;
        try
        {
            while (_newest.TryRemove(command.JobId, out var next))
                await CollectAsync(next, stores.Open(next.Retain.Store).Store!, cancellationToken);
        }
        finally
        {
            // What comes between the look and this waits for the next order, which finds more to do.
            _busy.TryRemove(command.JobId, out _);
        }
    }

    private async Task CollectAsync(Command command, IDurableStore store, CancellationToken cancellationToken)
    {
        var manifests = command.Retain.Manifests;
        await WriteAsync(command.JobId, store, manifests, cancellationToken);
        StoredCheckpoint[] kept = [.. manifests.Select(Manifests.From)];
        var deleted = await store.CollectAsync(command.JobId, (int)command.Attempt, kept, cancellationToken);
        // What is left takes room and nothing else; the next order finds it again.
        if (deleted.Fault is { } fault)
            log.LogWarning("Old shards of {Job} could not all be deleted: {Reason}", command.JobId, fault.Sentence);
        log.LogInformation("Deleted {Count} shards of {Job} that are no longer kept", deleted.Value, command.JobId);
    }

    // The store describes itself: whoever finds it later needs no control plane to read it.
    private async Task WriteAsync(
        string jobId, IDurableStore store, IReadOnlyCollection<CheckpointManifest> manifests,
        CancellationToken cancellationToken)
    {
        var before = _written.GetValueOrDefault(jobId, []);
        var written = new HashSet<CheckpointId>();
        foreach (var manifest in manifests.Where(manifest => manifest.Shards.All(shard => shard.IsDurable)))
        {
            var id = new CheckpointId { Step = manifest.Step, Attempt = manifest.Attempt };
            var fault = before.Contains(id)
                ? null
                : await store.PutManifestAsync(Manifests.From(manifest), cancellationToken);
            if (fault is null)
                written.Add(id);
            else
                log.LogWarning("{Job}: {Reason}", jobId, fault.Sentence);
        }

        _written[jobId] = written;
    }
}
