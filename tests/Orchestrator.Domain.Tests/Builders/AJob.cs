using System.Collections.Immutable;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Tests.Builders;

/// <summary>A job's record, brought to where a test begins by the same calls that its grain makes.</summary>
/// <remarks>Nodes are called n0, n1 … with addresses 10.0.0.0, 10.0.0.1 …; leases are numbered from 1.</remarks>
internal sealed class AJob
{
    private long _lastLease;
    private int _lastNode = -1;

    public JobState State { get; private set; } = new();

    public DateTimeOffset Now { get; private set; } = Moments.Start;

    public Incident Incident => State.Incidents[^1];

    public static implicit operator JobState(AJob job) => job.State;

    public static JobSpec Spec(int nodes = 2) => new()
    {
        Name = "job",
        Nodes = nodes,
        Command = ["python3", "train.py"],
        WorkingDirectory = "/srv/job",
        CheckpointStore = "/srv/checkpoints",
    };

    public static AJob OnNodes(int nodes = 2, Func<JobSpec, JobSpec>? change = null)
    {
        var job = new AJob();
        var spec = (change ?? (same => same))(Spec(nodes));
        job.State = JobRequests.Submit(job.State, "job", spec, job.Now).State;
        return job;
    }

    /// <summary>A job of two nodes whose ranks run.</summary>
    public static AJob Running(int nodes = 2, Func<JobSpec, JobSpec>? change = null) =>
        OnNodes(nodes, change).Granted().Prepares().Starts();

    /// <summary>The pool gives as many nodes as it needs.</summary>
    public AJob Granted()
    {
        var grants = Enumerable.Range(0, JobPlacement.Needed(State)).Select(_ =>
        {
            _lastNode++;
            return new LeaseGrant($"n{_lastNode}", ++_lastLease, $"10.0.0.{_lastNode}");
        });
        return Becomes(JobPlacement.Granted(State, [.. grants], Now)).HearsAll(report => report);
    }

    public AJob WaitsForNodes() =>
        Becomes(JobPlacement.Waiting(State, new Reason("not_enough_nodes", "None is free."), Now));

    /// <summary>Rank 0's host answers the prepare.</summary>
    public AJob Prepares(Reason? fault = null) => Hears(State.Gang[0].Node, report => report with
    {
        Preparation = new Preparation(State.Attempt, JobOrders.PrepareId(State), 29500, fault),
    });

    /// <summary>Every rank's process runs.</summary>
    public AJob Starts() => Becomes(JobReports.NoteSent(State, [.. JobOrders.Due(State).Select(due => due.Order)], Now))
        .HearsAll(report => report with { Ranks = RanksOf(report.Node) });

    /// <summary>Every rank finishes a first step.</summary>
    public AJob Steps(long step) => HearsAll(report => report with
    {
        Ranks =
        [
            .. report.Ranks.Select(rank => rank with { FirstStep = step, FirstStepAt = Now, HighestStep = step }),
        ],
    });

    /// <summary>Every rank stores its shard of one checkpoint, each a little slower than the one before it.</summary>
    public AJob Saves(long step, int saveMs = 0) =>
        HearsAll(report => report with
        {
            Shards =
            [
                .. report.Ranks.Select(rank => new ShardReport(
                    State.Attempt, step, new Shard(rank.Rank, $"{State.Attempt}/{step}/{rank.Rank}", []),
                    State.Spec!.WorldSize)
                {
                    SaveMs = saveMs == 0 ? 0 : saveMs + (5 * rank.Rank),
                }),
            ],
        });

    public AJob Exits(string node, RankExit exit) => Hears(node, report => report with
    {
        Ranks =
        [
            .. report.Ranks.Select(status => status with { Phase = RankPhase.Exited, Exit = exit }),
        ],
    });

    public AJob LosesContact(string node) => Hears(node, report => report with
    {
        IsConnected = false,
        Phase = NodePhase.Suspect,
        Reason = new Reason("stream_ended", "Its agent's stream ended."),
    });

    public AJob Regains(string node) =>
        Hears(node, report => report with { IsConnected = true, Phase = NodePhase.Active });

    /// <summary>The node is lost, and with it the lease.</summary>
    public AJob Loses(string node) => Hears(node, report => report with
    {
        IsConnected = false,
        IsRevoked = true,
        Phase = NodePhase.Lost,
        Reason = new Reason("silent_too_long", $"No contact with {node}."),
    });

    public AJob Quarantines(string node) => Hears(node, report => report with
    {
        Phase = NodePhase.Quarantined,
        Reason = new Reason("device_failed", "GPU-0: xid_79."),
    });

    /// <summary>An operator drains the node.</summary>
    public AJob Drains(string node, bool movesJob = true) => Hears(node, report => report with
    {
        Cordon = new Cordon(Cordon.Operators, new Reason("drained", "Fan."), Now, movesJob),
    });

    public AJob Resumes(string node) => Hears(node, report => report with { Cordon = null });

    /// <summary>The named nodes, or all of them, have ended the attempt's processes.</summary>
    public AJob Stops(params string[] nodes)
    {
        var due = JobOrders.Due(State).Select(entry => entry.Order).ToArray();
        Becomes(JobReports.NoteSent(State, due, Now));
        var attempt = State.Attempt;
        foreach (var node in nodes.Length > 0 ? nodes : [.. State.Gang.Select(member => member.Node)])
        {
            Hears(node, report => report.IsRevoked ? report : report with { StoppedAttempt = attempt });
        }

        return this;
    }

    public AJob Releases()
    {
        foreach (var lease in State.ToRelease)
        {
            Becomes(JobPlacement.Released(State, lease));
        }

        return this;
    }

    public AJob Hears(string node, Func<LeaseReport, LeaseReport> change)
    {
        var member = State.Gang.First(other => other.Node == node);
        var report = change(member.Report ?? First(member));
        return Becomes(JobReports.Take(State, report with { Version = report.Version + 1, NewsAt = Now }, Now));
    }

    public AJob After(TimeSpan time)
    {
        Now += time;
        return Becomes(JobReports.Tick(State, Now));
    }

    /// <summary>The wait before the next attempt passes, where there is one.</summary>
    public AJob WaitsOut() => State.Phase == JobPhase.BackingOff ? After(State.Deadline!.Value - Now) : this;

    /// <summary>A person wants it to go on from an earlier checkpoint.</summary>
    public AJob Rewinds(long step) => Becomes(JobRequests.ResumeFrom(State, new RewindRequest(step), Now).State);

    public AJob Cancels() => Becomes(JobRequests.Cancel(State, Now).State);

    public AJob Becomes(JobState state)
    {
        State = state;
        return this;
    }

    private static LeaseReport First(GangMember member) => new()
    {
        Node = member.Node,
        LeaseNumber = member.LeaseNumber,
        Version = 0,
        Phase = NodePhase.Assigned,
        Reason = new Reason("leased", "Leased to job."),
        IsConnected = true,
        IsRevoked = false,
        NewsAt = Moments.Start,
    };

    private AJob HearsAll(Func<LeaseReport, LeaseReport> change)
    {
        foreach (var member in State.Gang)
        {
            Hears(member.Node, change);
        }

        return this;
    }

    private ImmutableArray<RankStatus> RanksOf(string node)
    {
        var position = State.Gang.First(member => member.Node == node).NodeRank;
        var count = State.Spec!.RanksPerNode;
        return
        [
            .. Enumerable.Range(position * count, count).Select(rank => new RankStatus
            {
                Rank = rank,
                Attempt = State.Attempt,
                Phase = RankPhase.Running,
                Pid = 100 + rank,
            }),
        ];
    }
}
