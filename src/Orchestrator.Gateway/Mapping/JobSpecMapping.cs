using System.Collections.Immutable;
using Orchestrator.Domain.Jobs;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>What users ask for. A zero in the protocol means the default.</summary>
internal static class JobSpecMapping
{
    public static JobSpec ToDomain(this Proto.JobSpec spec)
    {
        var checkpoint = spec.Checkpoint ?? new Proto.CheckpointPolicy();
        var recovery = spec.Recovery ?? new Proto.RecoveryPolicy();
        var job = new JobSpec
        {
            Name = spec.Name,
            Nodes = Bound(spec.Nodes),
            RanksPerNode = Bound(spec.RanksPerNode),
            Command = [.. spec.Command],
            WorkingDirectory = spec.WorkingDirectory,
            Environment = spec.Environment.ToImmutableDictionary(),
            CheckpointStore = checkpoint.Store,
            Progress = spec.Progress.ToDomain(),
            StandbyImports = [.. spec.StandbyImports],
            IsSynchronous = !spec.HasSynchronous || spec.Synchronous,
            KeepEvery = (long)checkpoint.KeepEvery,
            KeepsInMemory = checkpoint.HasMemory ? checkpoint.Memory : JobSpecCheck.IsBucket(checkpoint.Store),
            Watch = checkpoint.Watch,
            HasAutoInterval = checkpoint.AutoInterval,
            ResumeCommand = [.. spec.ResumeCommand],
        };
        return job with
        {
            KeepCheckpoints = checkpoint.Keep > 0 ? Bound(checkpoint.Keep) : job.KeepCheckpoints,
            StopAfterNoProgress = recovery.StopAfterNoProgress > 0
                ? Bound(recovery.StopAfterNoProgress)
                : job.StopAfterNoProgress,
            StopGrace = recovery.StopGraceMs > 0 ? TimeSpan.FromMilliseconds(recovery.StopGraceMs) : job.StopGrace,
            Lease = recovery.LeaseMs > 0 ? TimeSpan.FromMilliseconds(recovery.LeaseMs) : job.Lease,
        };
    }

    public static Proto.JobSpec ToProto(this JobSpec spec)
    {
        var proto = new Proto.JobSpec
        {
            Name = spec.Name,
            Nodes = (uint)spec.Nodes,
            RanksPerNode = (uint)spec.RanksPerNode,
            WorkingDirectory = spec.WorkingDirectory,
            Checkpoint = new()
            {
                Store = spec.CheckpointStore,
                Keep = (uint)spec.KeepCheckpoints,
                KeepEvery = (ulong)spec.KeepEvery,
                Memory = spec.KeepsInMemory,
                Watch = spec.Watch,
                AutoInterval = spec.HasAutoInterval,
            },
            Recovery = new()
            {
                StopAfterNoProgress = (uint)spec.StopAfterNoProgress,
                StopGraceMs = (uint)spec.StopGrace.TotalMilliseconds,
                LeaseMs = (uint)spec.Lease.TotalMilliseconds,
            },
            Progress = spec.Progress.ToProto(),
            Synchronous = spec.IsSynchronous,
        };
        proto.Command.AddRange(spec.Command);
        proto.StandbyImports.AddRange(spec.StandbyImports);
        proto.ResumeCommand.AddRange(spec.ResumeCommand);
        proto.Environment.Add(spec.Environment);
        return proto;
    }

    private static int Bound(uint value) => (int)Math.Min(value, int.MaxValue);
}
