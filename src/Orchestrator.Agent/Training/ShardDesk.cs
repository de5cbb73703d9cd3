using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Control;
using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Training;

/// <summary>Opens the shards of this host's ranks, and takes in what they have written.</summary>
internal sealed class ShardDesk(
    RankTable table, SaveFence fence, MemoryTier memory, ShardBuffers buffers, OpenSaves saves, ShardSealing sealing,
    SaveClock clock, Outbox outbox, ILogger<ShardDesk> log)
{
    public BeginCheckpointReply Begin(RankKey key, BeginCheckpointRequest request)
    {
        var (rank, refusal) = FindWriter(key);
        if (rank is null)
            return RefuseBegin(refusal!);
        try
        {
            var writer = WriterOf(key, request.Step);
            return !rank.Spec.KeepsInMemory ? Opened(key, new FolderCheckpointStore(rank.Spec.Store).Begin(writer))
                : request.WantsBuffer ? BeginInBuffer(key, writer, request)
                : memory.Refusal(BytesOf(request)) is { } full ? RefuseBegin(full)
                : Opened(key, memory.Begin(writer));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return RefuseBegin(new CheckpointFault(
                "store_unwritable", $"{PlaceOf(rank)} cannot be written: {exception.Message}"));
        }
    }

    public async Task<CommitCheckpointReply> CommitAsync(
        RankKey key, CommitCheckpointRequest request, CancellationToken cancellationToken)
    {
        // Whatever comes of it, the rank has copied.
        saves.Ended(key);
        var saveMs = clock.Elapsed(key, request.Directory);
        var (rank, refusal) = FindWriter(key);
        if (rank is null)
            return Refuse(refusal!);
        if (request.ShardsExpected == 0)
        {
            return Refuse(new CheckpointFault(
                "shards_expected_missing", "The commit does not say how many ranks write a shard."));
        }

        return rank.Spec.KeepsInMemory
            ? await TakeAsync(rank, request, saveMs, cancellationToken)
            : await StoreAsync(rank, request, cancellationToken);
    }

    private BeginCheckpointReply BeginInBuffer(RankKey key, ShardWriter writer, BeginCheckpointRequest request)
    {
        var (buffer, fault) = buffers.Take(key, writer, BytesOf(request));
        if (buffer is null)
            return RefuseBegin(fault!);
        saves.Begun(key);
        clock.Begin(key, buffer.Directory);
        return new BeginCheckpointReply { Directory = buffer.Directory, Buffer = buffer.Path, BufferId = buffer.Id };
    }

    // Into memory: hashed by whoever takes it over, whether or not the rank waits for it.
    private async Task<CommitCheckpointReply> TakeAsync(
        TrackedRank rank, CommitCheckpointRequest request, uint saveMs, CancellationToken cancellationToken)
    {
        try
        {
            if (FaultOf(rank.Key, request) is { } fault)
                return Refuse(fault);
            var end = sealing.Take(HeldBy(rank, request, saveMs));
            return request.InBackground || await end.WaitAsync(cancellationToken) is not { } refusal
                ? new CommitCheckpointReply { Stored = true }
                : Refuse(refusal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse(new CheckpointFault(
                "host_storage_failed", $"The agent could not note the shard of {rank.Key}: {exception.Message}"));
        }
    }

    private CheckpointFault? FaultOf(RankKey key, CommitCheckpointRequest request)
    {
        if (memory.Stranger(WriterOf(key, request.Step), request.Directory) is { } stranger)
            return stranger;
        if (!Directory.Exists(request.Directory))
        {
            return new CheckpointFault("shard_missing",
                $"{request.Directory} is not there any more: its checkpoint was begun anew, or given up.");
        }

        // Room for a buffer was there when it was given.
        if (ShardBuffers.IsIn(request.Directory) || memory.Overrun is not { } overrun)
            return null;
        Directory.Delete(request.Directory, recursive: true);
        return overrun;
    }

    private HeldShard HeldBy(TrackedRank rank, CommitCheckpointRequest request, uint saveMs) => new(
        rank.Key.JobId, request.Step, rank.Key.Attempt, request.ShardsExpected,
        new StoredShard((int)rank.Key.Rank, memory.ShardPathOf(rank.Key.JobId, request.Directory), []),
        rank.Spec.Store)
    {
        IsOwn = true,
        SaveMs = saveMs,
        Partner = rank.Spec.Partner,
        Unreplicated = rank.Spec.Partner is null ? Unreplicated.NoOtherHost : null,
    };

    private async Task<CommitCheckpointReply> StoreAsync(
        TrackedRank rank, CommitCheckpointRequest request, CancellationToken cancellationToken)
    {
        var key = rank.Key;
        var (shard, fault) = await new FolderCheckpointStore(rank.Spec.Store)
            .SealAsync(WriterOf(key, request.Step), request.Directory, cancellationToken);
        // Sealing takes a while, and the attempt may have ended meanwhile.
        if ((fault ?? FindWriter(key).Refusal) is { } refusal)
            return Refuse(refusal);
        return Tell(rank, new ShardStored
        {
            JobId = key.JobId,
            Attempt = key.Attempt,
            Step = request.Step,
            Shard = Manifests.ToDurable(shard!),
            ShardsExpected = request.ShardsExpected,
            SaveMs = clock.Elapsed(key, request.Directory),
        });
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

    private (TrackedRank? Rank, CheckpointFault? Refusal) FindWriter(RankKey key)
    {
        if (table.Find(key) is not { } rank)
            return (null, new CheckpointFault("rank_unknown", $"This host has no record of {key}."));
        if (!rank.IsRunning)
            return (null, new CheckpointFault("attempt_over", $"{key} is not running here any more."));
        if (fence.Refusal(key) is { } over)
            return (null, over);
        return rank.Spec.Store.Length == 0
            ? (null, new CheckpointFault("no_store", $"The job {key.JobId} was submitted without a checkpoint store."))
            : (rank, null);
    }

    private string PlaceOf(TrackedRank rank) =>
        rank.Spec.KeepsInMemory ? $"The memory folder {memory.Root}" : $"The store {rank.Spec.Store}";

    private CommitCheckpointReply Refuse(CheckpointFault fault)
    {
        log.LogWarning("A shard was refused: {Reason}", fault.Sentence);
        return new CommitCheckpointReply { RefusalCode = fault.Code, Refusal = fault.Sentence };
    }

    private BeginCheckpointReply Opened(RankKey key, string directory)
    {
        clock.Begin(key, directory);
        return new BeginCheckpointReply { Directory = directory };
    }

    private static BeginCheckpointReply RefuseBegin(CheckpointFault fault) =>
        new() { RefusalCode = fault.Code, Refusal = fault.Sentence };

    // Half of what fits into a number, so that sums do too; no host has as much.
    private static long BytesOf(BeginCheckpointRequest request) =>
        (long)Math.Min(request.SizeBytes, long.MaxValue / 2);

    private static ShardWriter WriterOf(RankKey key, ulong step) =>
        new(key.JobId, (long)step, (int)key.Attempt, (int)key.Rank);
}
