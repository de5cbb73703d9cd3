using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>What the control plane hears of shards in memory.</summary>
internal static class ShardEvents
{
    public static AgentEvent Stored(HeldShard held, HostIdentity host)
    {
        var shard = Manifests.To(held.Shard);
        shard.IsDurable = held.IsDurable;
        shard.Holders.Add(new Peer { Node = host.Name, Address = host.ShardAddress });
        if (held.Replica is { } replica)
            shard.Holders.Add(new Peer { Node = replica.Node, Address = replica.Address });
        shard.Unreplicated = ReasonOf(held.Unreplicated);
        shard.Damage = ReasonOf(held.Damage);
        return new AgentEvent
        {
            ShardStored = new ShardStored
            {
                JobId = held.JobId,
                Attempt = held.Attempt,
                Step = held.Step,
                Shard = shard,
                ShardsExpected = held.ShardsExpected,
                SaveMs = held.SaveMs,
            },
        };
    }

    /// <summary>What a rank goes on from is nowhere as its manifest has it.</summary>
    public static AgentEvent RestoreFailed(RankSpec spec, ulong step, uint attempt, CheckpointFault fault) => new()
    {
        RestoreFailed = new RestoreFailed
        {
            JobId = spec.JobId,
            Attempt = spec.Attempt,
            Step = step,
            CheckpointAttempt = attempt,
            Fault = ReasonOf(fault),
        },
    };

    private static Reason? ReasonOf(CheckpointFault? fault) =>
        fault is null ? null : new Reason { Code = fault.Code, Sentence = fault.Sentence };
}
