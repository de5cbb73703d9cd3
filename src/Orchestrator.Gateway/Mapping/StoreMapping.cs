using Orchestrator.Domain.Checkpoints;
using Orchestrator.Grains.Nodes;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>Questions about stores and their answers, between an agent's stream and whoever asks.</summary>
internal static class StoreMapping
{
    public static Proto.StoreRequest ToProto(this StoreQuestion question, ulong id)
    {
        var request = new Proto.StoreRequest { RequestId = id };
        switch (question.Task)
        {
            case StoreTask.Probe:
                request.Probe = new() { Store = question.Store };
                break;
            case StoreTask.Verify:
                request.Verify = new() { Store = question.Store, Manifest = question.Manifest!.ToProto() };
                break;
            default:
                request.Restore = new()
                {
                    Store = question.Store,
                    Manifest = question.Manifest!.ToProto(),
                    Folder = question.Folder,
                };
                break;
        }

        return request;
    }

    public static StorePart ToPart(this Proto.StoreAnswer answer) => new()
    {
        Findings =
        [
            .. answer.Findings.Select(finding => new ShardCopyFinding(
                (int)finding.Rank, finding.Place, finding.State.ToDomain(), finding.Fault.ToDomain())),
        ],
        Done = (int)answer.Done,
        Total = (int)answer.Total,
        IsLast = answer.IsLast,
        Fault = answer.Fault.ToDomain(),
        Store = answer.Store,
    };

    public static Proto.CheckpointWork ToWork(this StorePart part, string node, CheckpointManifest manifest)
    {
        var work = new Proto.CheckpointWork
        {
            Node = node,
            Step = (ulong)manifest.Step,
            Attempt = (uint)manifest.Attempt,
            Done = (uint)part.Done,
            Total = (uint)part.Total,
        };
        work.Findings.AddRange(part.Findings.Select(ToProto));
        return work;
    }

    /// <summary>How an answer ends before its last part.</summary>
    public static StorePart LastPart(Domain.Reason reason) => new() { IsLast = true, Fault = reason };

    public static Proto.ShardFinding ToProto(this ShardCopyFinding finding) => new()
    {
        Rank = (uint)finding.Rank,
        Place = finding.Place,
        State = finding.State.ToProto(),
        Fault = finding.Fault?.ToProto(),
    };

    private static Domain.Reason? ToDomain(this Proto.Reason? reason) =>
        reason is null ? null : new Domain.Reason(reason.Code, reason.Sentence);

    private static ShardCopyState ToDomain(this Proto.ShardCopyState state) => state switch
    {
        Proto.ShardCopyState.Good => ShardCopyState.Good,
        Proto.ShardCopyState.Missing => ShardCopyState.Missing,
        Proto.ShardCopyState.Differs => ShardCopyState.Differs,
        _ => ShardCopyState.Unknown,
    };

    private static Proto.ShardCopyState ToProto(this ShardCopyState state) => state switch
    {
        ShardCopyState.Good => Proto.ShardCopyState.Good,
        ShardCopyState.Missing => Proto.ShardCopyState.Missing,
        ShardCopyState.Differs => Proto.ShardCopyState.Differs,
        _ => Proto.ShardCopyState.Unknown,
    };
}
