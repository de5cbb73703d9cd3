using Orchestrator.Agent.Gpus;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Control;

/// <summary>States the whole truth about the host, as of now.</summary>
internal sealed class HelloBuilder(HostIdentity host, IGpuProbe gpus, RankTable ranks, TimeProvider time)
{
    public Hello Build(ulong sessionNumber)
    {
        var hello = new Hello
        {
            Node = host.Name,
            SessionNumber = sessionNumber,
            BootId = host.BootId,
            AgentVersion = host.Version,
            Address = host.Address,
            LeaseNumber = host.Lease.Value,
            PeerAddress = host.PeerAddress,
            ShardAddress = host.ShardAddress,
        };
        hello.Gpus.AddRange(gpus.Devices);
        foreach (var (key, value) in host.Labels)
            hello.Labels.Add(key, value);
        hello.Ranks.AddRange(ranks.Told.OrderBy(rank => rank.Key.Attempt).ThenBy(rank => rank.Key.Rank).Select(Record));
        return hello;
    }

    public Heartbeat Heartbeat(ulong number)
    {
        var heartbeat = new Heartbeat { Number = number };
        heartbeat.Ranks.AddRange(ranks.Running.Select(Progress));
        return heartbeat;
    }

    private static RankRecord Record(TrackedRank rank)
    {
        var view = rank.Progress.View;
        var record = new RankRecord
        {
            JobId = rank.Key.JobId,
            Attempt = rank.Key.Attempt,
            Rank = rank.Key.Rank,
            LeaseNumber = rank.Spec.LeaseNumber,
            Pid = (uint)(rank.Process?.Pid ?? 0),
            HighestStep = view.HighestStep,
            FirstStep = view.FirstStep,
        };
        if (rank.End is { } end)
            record.Exit = ExitReport.Of(rank, end);
        return record;
    }

    private RankProgress Progress(TrackedRank rank)
    {
        var view = rank.Progress.View;
        return new RankProgress
        {
            JobId = rank.Key.JobId,
            Attempt = rank.Key.Attempt,
            Rank = rank.Key.Rank,
            Step = view.HighestStep,
            AgeMs = view.HighestStep == 0 ? 0 : (ulong)time.GetElapsedTime(view.FinishedAt).TotalMilliseconds,
            Phase = view.Phase,
        };
    }
}
