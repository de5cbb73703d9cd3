using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>The checkpoints of a job, as the control API shows them.</summary>
internal static class CheckpointMapping
{
    public static Proto.ListCheckpointsReply ToCheckpoints(this JobState state)
    {
        var next = state.Phase.IsEnded() ? null : JobRewind.Next(state);
        var reply = new Proto.ListCheckpointsReply();
        reply.Checkpoints.AddRange(state.Checkpoints.Committed.Select(manifest =>
            ToProto(manifest, state.Checkpoints, isNext: manifest.Id == next?.Id)));
        reply.Arriving.AddRange(state.Checkpoints.Arriving.GroupBy(report => report.Checkpoint)
            .OrderByDescending(group => group.Key.Step).Select(ToProto));
        return reply;
    }

    private static Proto.Checkpoint ToProto(CheckpointManifest manifest, CheckpointCatalogue catalogue, bool isNext)
    {
        var shards = manifest.Shards;
        var checkpoint = new Proto.Checkpoint
        {
            Step = (ulong)manifest.Step,
            Attempt = (uint)manifest.Attempt,
            Tier = manifest.Tier.ToProto(),
            SizeBytes = (ulong)shards.Sum(Bytes),
            Shards = (uint)shards.Length,
            IsNext = isNext,
            IsUploading = manifest.Id == catalogue.Upload,
            IsRestorable = catalogue.CanRestore(manifest),
        };
        if (catalogue.IsInMemory(manifest))
        {
            checkpoint.Holders.AddRange(shards.SelectMany(shard => shard.Holders).Select(holder => holder.Node)
                .Distinct().Order(StringComparer.Ordinal));
        }

        // Of those in the store nobody asks for a second copy any more.
        checkpoint.Unreplicated.AddRange(Reasons(shards, shard => shard is { IsDurable: false, Holders.Length: < 2 }
            ? shard.Unreplicated : null));
        checkpoint.Damage.AddRange(Reasons(shards, shard => shard.IsDurable ? null : shard.Damage));
        return checkpoint;
    }

    private static IEnumerable<Proto.Reason> Reasons(IEnumerable<Shard> shards, Func<Shard, Domain.Reason?> reason) =>
        shards.Select(reason).OfType<Domain.Reason>().Distinct().Select(found => found.ToProto());

    private static Proto.ArrivingCheckpoint ToProto(IGrouping<CheckpointId, ShardReport> reports) => new()
    {
        Step = (ulong)reports.Key.Step,
        Attempt = (uint)reports.Key.Attempt,
        ShardsArrived = (uint)reports.Count(),
        ShardsSafe = (uint)reports.Count(report => CheckpointPolicy.IsSafe(report.Shard)),
        ShardsExpected = (uint)reports.Max(report => report.ShardsExpected),
        SizeBytes = (ulong)reports.Sum(report => Bytes(report.Shard)),
    };

    private static Proto.CheckpointTier ToProto(this CheckpointTier tier) => tier switch
    {
        CheckpointTier.Local => Proto.CheckpointTier.Local,
        CheckpointTier.Replicated => Proto.CheckpointTier.Replicated,
        CheckpointTier.Durable => Proto.CheckpointTier.Durable,
        _ => Proto.CheckpointTier.Unspecified,
    };

    private static long Bytes(Shard shard) => shard.Files.Sum(file => file.SizeBytes);
}
