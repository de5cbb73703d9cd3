using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Leases;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>Orders of the domain, as commands to agents.</summary>
internal static class OrderMapping
{
    public static Proto.Command ToProto(this NodeOrder order)
    {
        var command = new Proto.Command
        {
            OperationId = order.OperationId,
            JobId = order.Job,
            Attempt = (uint)order.Attempt,
            LeaseNumber = (ulong)order.LeaseNumber,
        };
        switch (order.Body)
        {
            case PrepareOrder prepare:
                command.Prepare = new Proto.Prepare { Store = prepare.Store, Resume = prepare.Resume?.ToProto() };
                break;
            case LaunchOrder launch:
                command.Launch = launch.ToProto();
                break;
            case StopOrder stop:
                command.Stop = new Proto.Stop { GraceMs = (uint)stop.Grace.TotalMilliseconds };
                break;
            case RetainOrder retain:
                command.Retain = new Proto.Retain
                {
                    Store = retain.Store,
                    Upload = retain.Upload is { } upload
                        ? new() { Step = (ulong)upload.Step, Attempt = (uint)upload.Attempt }
                        : null,
                    FromMemoryOnly = !retain.CollectsStore,
                    SavePlan = retain.SavePlan?.ToProto(),
                };
                command.Retain.Manifests.AddRange(retain.Kept.Select(ToProto));
                break;
            default:
                command.Release = new Proto.Release();
                break;
        }

        return command;
    }

    public static Proto.CheckpointManifest ToProto(this CheckpointManifest manifest)
    {
        var proto = new Proto.CheckpointManifest
        {
            JobId = manifest.Job,
            Step = (ulong)manifest.Step,
            Attempt = (uint)manifest.Attempt,
        };
        proto.Shards.AddRange(manifest.Shards.Select(shard =>
        {
            var result = new Proto.Shard
            {
                Rank = (uint)shard.Rank,
                Path = shard.Path,
                IsDurable = shard.IsDurable,
                Unreplicated = shard.Unreplicated?.ToProto(),
                Damage = shard.Damage?.ToProto(),
            };
            result.Holders.AddRange(shard.Holders.Select(ToProto));
            result.Files.AddRange(shard.Files.Select(file => new Proto.ShardFile
            {
                Name = file.Name,
                SizeBytes = (ulong)file.SizeBytes,
                Sha256 = file.Sha256,
                Xxh128 = file.Xxh128,
            }));
            return result;
        }));
        return proto;
    }

    private static Proto.Peer ToProto(this Holder holder) => new() { Node = holder.Node, Address = holder.Address };

    private static Proto.SavePlan ToProto(this SavePlan plan) => new()
    {
        EverySteps = (ulong)plan.EverySteps,
        FromStep = (ulong)plan.FromStep,
        PreviousEverySteps = (ulong)plan.PreviousEverySteps,
    };

    private static Proto.Launch ToProto(this LaunchOrder launch)
    {
        var proto = new Proto.Launch
        {
            WorldSize = (uint)launch.WorldSize,
            RanksPerNode = (uint)launch.Ranks.Length,
            NodeRank = (uint)launch.NodeRank,
            NodeCount = (uint)launch.NodeCount,
            MasterAddress = launch.MasterAddress,
            MasterPort = (uint)launch.MasterPort,
            WorkingDirectory = launch.WorkingDirectory,
            Store = launch.Store,
            Resume = launch.Resume?.ToProto(),
            LeaseMs = (uint)launch.Lease.TotalMilliseconds,
            Progress = launch.Progress.ToProto(),
            KeepsInMemory = launch.KeepsInMemory,
            ReplicaHolder = launch.ReplicaHolder?.ToProto(),
            Watch = launch.Watch,
            SavePlan = launch.SavePlan?.ToProto(),
            IsResumeCommand = launch.IsResumeCommand,
        };
        proto.Ranks.AddRange(launch.Ranks.Select((rank, local) => new Proto.RankSlot
        {
            Rank = (uint)rank,
            LocalRank = (uint)local,
        }));
        proto.Command.AddRange(launch.Command);
        proto.StandbyImports.AddRange(launch.StandbyImports);
        proto.Environment.Add(launch.Environment);
        return proto;
    }
}
