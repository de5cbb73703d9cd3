using Google.Protobuf.WellKnownTypes;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Ranks;
using Orchestrator.Gateway.Progress;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>Records of jobs and nodes, as the control API shows them.</summary>
internal static class ViewMapping
{
    public static Proto.Reason ToProto(this Domain.Reason reason) =>
        new() { Code = reason.Code, Sentence = reason.Sentence };

    public static Timestamp ToProto(this DateTimeOffset at) => Timestamp.FromDateTimeOffset(at);

    public static Proto.Job ToProto(this JobState state, ProgressBoard board, DateTimeOffset now)
    {
        var progress = board.Find(state.Id, state.Attempt);
        var job = new Proto.Job
        {
            Id = state.Id,
            Spec = state.Spec!.ToProto(),
            Phase = state.Phase.ToProto(),
            Reason = state.Reason.ToProto(),
            Attempt = (uint)state.Attempt,
            SubmittedAt = state.SubmittedAt.ToProto(),
            EndedAt = state.EndedAt?.ToProto(),
            Step = (ulong)Math.Max(progress?.Step ?? 0, JobReports.HighestStep(state)),
            StepsPerSecond = state.Phase == JobPhase.Running ? progress?.StepsPerSecond ?? 0 : 0,
            LastIncidentId = state.Incidents.IsEmpty ? "" : state.Incidents[^1].Id,
            ResumedFromStep = (ulong)(state.ResumeFrom?.Step ?? 0),
            NextAction = NextAction.Of(state, now).ToProto(),
            FailureText = state.FailureText,
        };
        job.Nodes.AddRange(state.Gang.Select(member => new Proto.JobNode
        {
            Node = member.Node,
            NodeRank = (uint)member.NodeRank,
            LeaseNumber = (ulong)member.LeaseNumber,
        }));
        job.Checkpoints.AddRange(state.Checkpoints.Committed.Select(manifest => manifest.ToProto()));
        job.Ranks.AddRange(state.Gang.SelectMany(member => Ranks(state, member, board)));
        return job.WithAccounts(state.Ledger?.At(now)).WithSaveInterval(state, now);
    }

    /// <param name="state">The node.</param>
    /// <param name="job">The job on it, where it is to be moved; null otherwise.</param>
    public static Proto.Node ToProto(this NodeState state, JobState? job)
    {
        var node = new Proto.Node
        {
            Name = state.Name,
            Phase = state.Phase.ToProto(),
            Reason = state.Reason.ToProto(),
            Address = state.Address,
            IsConnected = state.IsConnected,
            SessionNumber = (ulong)state.SessionNumber,
            AgentVersion = state.AgentVersion,
            JobId = state.Lease?.Job ?? "",
            LeaseNumber = (ulong)(state.Lease?.Number ?? 0),
            Drain = DrainProgress.Of(state, job)?.ToProto(),
        };
        node.Labels.Add(state.Labels);
        node.Gpus.AddRange(state.Gpus.Select(gpu => new Proto.GpuDevice
        {
            Uuid = gpu.Uuid,
            Model = gpu.Model,
            Index = (uint)gpu.Index,
            MemoryBytes = (ulong)gpu.MemoryBytes,
            IsVirtual = gpu.IsVirtual,
        }));
        node.Cordons.AddRange(state.Cordons.Select(cordon => new Proto.Cordon
        {
            Owner = cordon.Owner,
            Reason = cordon.Reason.ToProto(),
            Since = cordon.Since.ToProto(),
            MovesJob = cordon.MovesJob,
        }));
        node.History.AddRange(state.History.Select(step => new Proto.NodeTransition
        {
            At = step.At.ToProto(),
            From = step.From.ToProto(),
            To = step.To.ToProto(),
            Reason = step.Reason.ToProto(),
            IncidentId = step.Incident ?? "",
        }));
        return node;
    }

    public static Proto.WaitingJob ToProto(this PoolTicket ticket) => new()
    {
        JobId = ticket.Job,
        Nodes = (uint)ticket.Nodes,
        IsReplacement = ticket.IsReplacement,
        Reason = ticket.Reason.ToProto(),
    };

    public static Proto.JobPhase ToProto(this JobPhase phase) => phase switch
    {
        JobPhase.Queued => Proto.JobPhase.Queued,
        JobPhase.Preparing => Proto.JobPhase.Preparing,
        JobPhase.Launching => Proto.JobPhase.Launching,
        JobPhase.Running => Proto.JobPhase.Running,
        JobPhase.Pausing => Proto.JobPhase.Pausing,
        JobPhase.BackingOff => Proto.JobPhase.BackingOff,
        JobPhase.Replacing => Proto.JobPhase.Replacing,
        JobPhase.Stopping => Proto.JobPhase.Stopping,
        JobPhase.Succeeded => Proto.JobPhase.Succeeded,
        JobPhase.Failed => Proto.JobPhase.Failed,
        JobPhase.Cancelled => Proto.JobPhase.Cancelled,
        _ => Proto.JobPhase.Unspecified,
    };

    private static Proto.NodePhase ToProto(this NodePhase phase) => phase switch
    {
        NodePhase.Joining => Proto.NodePhase.Joining,
        NodePhase.Validating => Proto.NodePhase.Validating,
        NodePhase.Warm => Proto.NodePhase.Warm,
        NodePhase.Assigned => Proto.NodePhase.Assigned,
        NodePhase.Active => Proto.NodePhase.Active,
        NodePhase.Suspect => Proto.NodePhase.Suspect,
        NodePhase.Lost => Proto.NodePhase.Lost,
        NodePhase.Quarantined => Proto.NodePhase.Quarantined,
        NodePhase.Repairing => Proto.NodePhase.Repairing,
        NodePhase.Retired => Proto.NodePhase.Retired,
        _ => Proto.NodePhase.Unspecified,
    };

    private static IEnumerable<Proto.Rank> Ranks(JobState state, GangMember member, ProgressBoard board)
    {
        var first = member.NodeRank * state.Spec!.RanksPerNode;
        var known = (member.Report?.Ranks ?? []).Where(rank => rank.Attempt == state.Attempt)
            .ToDictionary(rank => rank.Rank);
        return Enumerable.Range(first, state.Spec.RanksPerNode)
            .Select(rank => Rank(state, member, rank, known.GetValueOrDefault(rank), board));
    }

    private static Proto.Rank Rank(JobState state, GangMember member, int rank, RankStatus? status, ProgressBoard board)
    {
        var view = new Proto.Rank
        {
            Rank_ = (uint)rank,
            Node = member.Node,
            Pid = (uint)(status?.Pid ?? 0),
            Step = (ulong)Math.Max(board.StepOf(state.Id, state.Attempt, rank), status?.HighestStep ?? 0),
            State = status?.Phase switch
            {
                null or RankPhase.Waiting => state.Phase == JobPhase.Launching ? "starting" : "waiting",
                RankPhase.Running => "running",
                RankPhase.Exited => "exited",
                _ => "lost",
            },
        };
        if (status?.Exit is { } exit)
        {
            view.End = new() { Code = (uint)exit.Code, Signal = (uint)exit.Signal, LastLines = exit.LastLines };
        }

        return view;
    }
}
