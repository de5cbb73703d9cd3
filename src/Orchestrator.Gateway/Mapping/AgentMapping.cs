using System.Collections.Immutable;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>What agents say, in the words of the domain. Ages become moments on the control plane's clock.</summary>
internal static class AgentMapping
{
    public static AgentHello ToDomain(this Proto.Hello hello, DateTimeOffset now) => new()
    {
        Node = hello.Node,
        SessionNumber = (long)hello.SessionNumber,
        BootId = hello.BootId,
        AgentVersion = hello.AgentVersion,
        Address = hello.Address,
        Gpus = [.. hello.Gpus.Select(gpu => gpu.ToDomain())],
        LeaseNumber = (long)hello.LeaseNumber,
        Labels = hello.Labels.ToImmutableDictionary(),
        PeerAddress = hello.PeerAddress,
        ShardAddress = hello.ShardAddress,
        Ranks = [.. hello.Ranks.Select(rank => new HostedRank(rank.JobId, rank.ToDomain(now)))],
    };

    public static GpuDevice ToDomain(this Proto.GpuDevice gpu) =>
        new(gpu.Uuid, gpu.Model, (int)gpu.Index, (long)gpu.MemoryBytes, gpu.IsVirtual);

    public static NodeEvent? ToDomain(this Proto.AgentEvent seen, DateTimeOffset now)
    {
        var at = now - Milliseconds(seen.AgeMs);
        return seen.BodyCase switch
        {
            Proto.AgentEvent.BodyOneofCase.Outcome => new OrderAnswered(
                seen.Outcome.OperationId, seen.Outcome.Accepted ? null : seen.Outcome.Refusal.ToDomain(), now),
            Proto.AgentEvent.BodyOneofCase.Prepared => new AttemptPrepared(
                seen.Prepared.JobId,
                (int)seen.Prepared.Attempt,
                (int)seen.Prepared.Port,
                seen.Prepared.CheckpointValid ? null : seen.Prepared.CheckpointFault.ToDomain(),
                now),
            Proto.AgentEvent.BodyOneofCase.RankStarted => new RankStarted(
                seen.RankStarted.JobId,
                (int)seen.RankStarted.Attempt,
                (int)seen.RankStarted.Rank,
                (int)seen.RankStarted.Pid,
                now),
            Proto.AgentEvent.BodyOneofCase.RankExited => new RankExited(
                seen.RankExited.JobId,
                (int)seen.RankExited.Attempt,
                (int)seen.RankExited.Rank,
                seen.RankExited.Exit.ToDomain(now),
                (long)seen.RankExited.HighestStep,
                now),
            Proto.AgentEvent.BodyOneofCase.FirstStep => new FirstStepFinished(
                seen.FirstStep.JobId,
                (int)seen.FirstStep.Attempt,
                (int)seen.FirstStep.Rank,
                (long)seen.FirstStep.Step,
                at,
                now),
            Proto.AgentEvent.BodyOneofCase.ShardStored => new ShardStored(
                seen.ShardStored.JobId, seen.ShardStored.ToReport(), now),
            Proto.AgentEvent.BodyOneofCase.RestoreFailed => new RestoreFailed(
                seen.RestoreFailed.JobId,
                new RestoreFault(
                    (int)seen.RestoreFailed.Attempt,
                    new CheckpointId((long)seen.RestoreFailed.Step, (int)seen.RestoreFailed.CheckpointAttempt),
                    seen.RestoreFailed.Fault.ToDomain()),
                now),
            Proto.AgentEvent.BodyOneofCase.GangStopped => new GangStopped(
                seen.GangStopped.JobId, (int)seen.GangStopped.Attempt, now),
            _ => null,
        };
    }

    public static DeviceEvidence ToDomain(this Proto.DeviceHealth health, string node, DateTimeOffset at) =>
        new(health.GpuUuid, node, health.Source, health.Code, health.Detail, health.IsFatal, at,
            health.Occurrence);

    public static TimeSpan Milliseconds(ulong milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Domain.Reason ToDomain(this Proto.Reason? reason) => reason is null
        ? new("unexplained", "The agent gave no reason.")
        : new(reason.Code, reason.Sentence);

    private static RankStatus ToDomain(this Proto.RankRecord rank, DateTimeOffset now) => new()
    {
        Rank = (int)rank.Rank,
        Attempt = (int)rank.Attempt,
        Phase = rank.Exit is not null ? RankPhase.Exited : rank.Pid > 0 ? RankPhase.Running : RankPhase.Waiting,
        Pid = (int)rank.Pid,
        Exit = rank.Exit?.ToDomain(now),
        HighestStep = (long)rank.HighestStep,
        FirstStep = rank.FirstStep > 0 ? (long)rank.FirstStep : null,
    };

    private static RankExit ToDomain(this Proto.RankExit exit, DateTimeOffset now) => new()
    {
        Code = (int)exit.Code,
        Signal = (int)exit.Signal,
        LastLines = Bound(exit.LastLines),
        WasStopped = exit.WasStopped,
        LeaseExpired = exit.LeaseExpired,
        At = now - Milliseconds(exit.AgeMs),
    };

    private static ShardReport ToReport(this Proto.ShardStored stored) => new(
        (int)stored.Attempt,
        (long)stored.Step,
        new Shard(
            (int)stored.Shard.Rank,
            stored.Shard.Path,
            [.. stored.Shard.Files.Select(ToDomain)])
        {
            Holders = [.. stored.Shard.Holders.Select(holder => new Holder(holder.Node, holder.Address))],
            IsDurable = stored.Shard.IsDurable || stored.Shard.Holders.Count == 0,
            Unreplicated = stored.Shard.Unreplicated?.ToDomain(),
            Damage = stored.Shard.Damage?.ToDomain(),
        },
        (int)stored.ShardsExpected)
    {
        SaveMs = (int)Math.Min(stored.SaveMs, int.MaxValue),
    };

    private static ShardFile ToDomain(this Proto.ShardFile file) => new(file.Name, (long)file.SizeBytes, file.Sha256)
    {
        Xxh128 = file.Xxh128,
    };

    private static string Bound(string text) =>
        text.Length > Domain.Limits.LastLinesBytes ? text[^Domain.Limits.LastLinesBytes..] : text;
}
