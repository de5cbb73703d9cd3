using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Control;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Leases;
using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Training;

/// <summary>Opens and seals the shards of this host's ranks.</summary>
internal sealed class ShardDesk(
    RankTable table, JobTable jobs, LeaseFiles leases, MemoryTier memory, ShardShelf shelf, Outbox outbox,
    SaveClock clock, ILogger<ShardDesk> log)
{
    public BeginCheckpointReply Begin(RankKey key, BeginCheckpointRequest request)
    {
        var (rank, refusal) = FindWriter(key);
        if (rank is { Spec.KeepsInMemory: true })
            refusal = memory.Refusal((long)request.SizeBytes);
        if (refusal is not null)
            return new BeginCheckpointReply { RefusalCode = refusal.Code, Refusal = refusal.Sentence };
        try
        {
            var writer = WriterOf(key, request.Step);
            var directory = rank!.Spec.KeepsInMemory
                ? memory.Begin(writer)
                : new FolderCheckpointStore(rank.Spec.Store).Begin(writer);
            clock.Begin(key, directory);
            return new BeginCheckpointReply { Directory = directory };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new BeginCheckpointReply
            {
                RefusalCode = "store_unwritable",
                Refusal = $"{PlaceOf(rank!)} cannot be written: {exception.Message}",
            };
        }
    }

    public async Task<CommitCheckpointReply> CommitAsync(
        RankKey key, CommitCheckpointRequest request, CancellationToken cancellationToken)
    {
        var saveMs = clock.Elapsed(key, request.Directory);
        var (rank, refusal) = FindWriter(key);
        if (rank is null)
            return Refuse(refusal!);
        if (request.ShardsExpected == 0)
        {
            return Refuse(new CheckpointFault(
                "shards_expected_missing", "The commit does not say how many ranks write a shard."));
        }

        var writer = WriterOf(key, request.Step);
        var sealedShard = rank.Spec.KeepsInMemory
            ? await memory.SealAsync(writer, request.Directory, cancellationToken)
            : await new FolderCheckpointStore(rank.Spec.Store).SealAsync(writer, request.Directory, cancellationToken);
        if (sealedShard.Shard is not { } shard)
            return Refuse(sealedShard.Fault!);
        // Sealing takes a while, and the attempt may have ended meanwhile.
        (rank, refusal) = FindWriter(key);
        if (rank is null)
            return Refuse(refusal!);
        // A rank that does not wait for its commit was held up until it asked for it.
        saveMs = request.InBackground ? saveMs : clock.Elapsed(key, request.Directory);
        return rank.Spec.KeepsInMemory ? Hold(rank, request, shard, saveMs) : Tell(rank, new ShardStored
        {
            JobId = key.JobId,
            Attempt = key.Attempt,
            Step = request.Step,
            Shard = Manifests.ToDurable(shard),
            ShardsExpected = request.ShardsExpected,
            SaveMs = saveMs,
        });
    }

    private CommitCheckpointReply Hold(
        TrackedRank rank, CommitCheckpointRequest request, StoredShard shard, uint saveMs)
    {
        var held = new HeldShard(
            rank.Key.JobId, request.Step, rank.Key.Attempt, request.ShardsExpected, shard, rank.Spec.Store)
        {
            IsOwn = true,
            SaveMs = saveMs,
            Partner = rank.Spec.Partner,
            Unreplicated = rank.Spec.Partner is null ? Unreplicated.NoOtherHost : null,
        };
        try
        {
            if (memory.Overrun is { } overrun)
            {
                shelf.Delete(held);
                return Refuse(overrun);
            }

            shelf.Put(held);
            return new CommitCheckpointReply { Stored = true };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse(new CheckpointFault(
                "host_storage_failed", $"The agent could not note the shard of {rank.Key}: {exception.Message}"));
        }
    }

    private CommitCheckpointReply Tell(TrackedRank rank, ShardStored stored)
    {
        try
        {
            ShardRecords.Write(rank, stored);
        }
        catch (IOException exception)
        {
            return Refuse(new CheckpointFault(
                "host_storage_failed", $"The agent could not note the shard of {rank.Key}: {exception.Message}"));
        }

        outbox.Append(new AgentEvent { ShardStored = stored });
        return new CommitCheckpointReply { Stored = true };
    }

    // A stop with grace leaves the attempt the current one: its ranks are asked to save before they end.
    private (TrackedRank? Rank, CheckpointFault? Refusal) FindWriter(RankKey key)
    {
        if (table.Find(key) is not { } rank)
            return (null, new CheckpointFault("rank_unknown", $"This host has no record of {key}."));
        if (!rank.IsRunning || jobs.Get(key.JobId).LaunchedAttempt != key.Attempt)
            return (null, new CheckpointFault("attempt_over", $"{key} is not running here any more."));
        if (HasLapsed(key.JobId))
        {
            return (null, new CheckpointFault(
                "lease_expired", $"The lease of {key.JobId} ran out on this host, so {key} is over."));
        }

        return rank.Spec.Store.Length == 0
            ? (null, new CheckpointFault("no_store", $"The job {key.JobId} was submitted without a checkpoint store."))
            : (rank, null);
    }

    private string PlaceOf(TrackedRank rank) =>
        rank.Spec.KeepsInMemory ? $"The memory folder {memory.Root}" : $"The store {rank.Spec.Store}";

    private bool HasLapsed(string jobId)
    {
        try
        {
            return leases.HasLapsed(jobId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The control plane compares the attempt too; a file that cannot be read is no reason to lose a checkpoint.
            log.LogWarning("The lease of {Job} cannot be read: {Reason}", jobId, exception.Message);
            return false;
        }
    }

    private CommitCheckpointReply Refuse(CheckpointFault fault)
    {
        log.LogWarning("A shard was refused: {Reason}", fault.Sentence);
        return new CommitCheckpointReply { RefusalCode = fault.Code, Refusal = fault.Sentence };
    }

    private static ShardWriter WriterOf(RankKey key, ulong step) =>
        new(key.JobId, (long)step, (int)key.Attempt, (int)key.Rank);
}
