using CsCheck;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Nodes;

/// <summary>One thing that can reach a node.</summary>
internal sealed record NodeStep(
    string Name, Func<NodeState, DateTimeOffset, NodeState> Apply, bool IsIdempotent = true)
{
    private static readonly string[] Owners = [Cordon.Ours, "operator", "slurm"];
    private static readonly Reason Said = new("said", "So it was said.");

    public static Gen<NodeStep> Any { get; } = Gen.OneOf(Contact(), Events(), Leasing(), Fitness(), Time());

    public static string LiftOf(string owner) => $"lift {owner}";

    /// <summary>The name of the step in which a person lifts Orchestrator's cordon, too.</summary>
    public const string Force = "force";

    public override string ToString() => Name;

    private static Gen<NodeStep> Contact() => Gen.Select(
        Gen.Int[0, 5], Gen.Int[1, 12], Gen.Int[0, 3], Gen.Int[0, 1], (kind, session, amount, age) => kind switch
        {
            0 or 1 => new NodeStep($"attach {session} {amount}", (state, now) =>
                NodeContact.Attach(state, Hello(session, amount), now).State),
            2 => new($"lose {age}", (state, now) => NodeContact.Lose(state, state.SessionNumber - age, Said, now)),
            3 => new($"keep {age}", (state, now) => NodeContact.Keep(state, state.SessionNumber - age, now)),
            4 => new($"vouch {age}", (state, now) => NodeContact.Vouch(state, state.LeaseNumber - age, Said, now)),
            _ => new($"convict {age}", (state, now) =>
                NodeContact.Convict(state, state.LeaseNumber - age, Said, null, now)),
        });

    private static AgentHello Hello(long session, int amount)
    {
        var ranks = Enumerable.Range(0, amount).Select(rank => new HostedRank(
            $"job-{rank % 2}", new RankStatus { Rank = rank, Attempt = 1, Phase = RankPhase.Running, Pid = 7 }));
        var hello = ANode.Hello("n0", session, $"boot-{amount / 2}", [.. ranks]);
        return amount == 3 ? hello with { Gpus = [] } : hello;
    }

    private static Gen<NodeStep> Events() => Gen.Select(
        Gen.Int[0, 6], Gen.Int[0, 3], Gen.Int[0, 1], (kind, attempt, job) => new NodeStep(
            $"event {kind} {attempt} job-{job}",
            (state, now) => NodeObservations.Take(
                state, state.SessionNumber, Event(state, kind, attempt, $"job-{job}", now)),
            // The same answer after the next order is due is the answer to that one.
            IsIdempotent: kind != 0));

    private static NodeEvent Event(NodeState state, int kind, int attempt, string job, DateTimeOffset now) =>
        kind switch
        {
            0 => new OrderAnswered(
                NodeDelivery.Due(state)?.OperationId ?? "none", attempt == 3 ? Said : null, now),
            1 => new AttemptPrepared(job, attempt, 29500, null, now),
            2 => new RankStarted(job, attempt, 0, 4711, now),
            3 => new RankExited(job, attempt, 0, AnExit.Crash(), attempt, now),
            4 => new FirstStepFinished(job, attempt, 0, attempt, now, now),
            5 => new ShardStored(job, new(attempt, 10, new(0, $"{attempt}/10/0", []), 1), now),
            _ => new GangStopped(job, attempt, now),
        };

    private static Gen<NodeStep> Leasing() => Gen.Select(
        Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 1], (kind, attempt, job) => new NodeStep(
            $"lease {kind} {attempt} job-{job}",
            (state, now) => Lease(state, kind, attempt, $"job-{job}", now)));

    private static NodeState Lease(NodeState state, int kind, int attempt, string job, DateTimeOffset now)
    {
        var lease = state.LeaseNumber;
        return kind switch
        {
            0 => NodeLeasing.Grant(state, job, Timings.Lease, now).State,
            1 => NodeLeasing.Order(state, AnOrder.Prepare(attempt, lease, job), now).State,
            2 => NodeLeasing.Order(state, AnOrder.Launch(attempt, lease, job), now).State,
            3 => NodeLeasing.Order(state, AnOrder.Stop(attempt, lease, job), now).State,
            4 => NodeLeasing.Order(state, AnOrder.Release(attempt, lease, job), now).State,
            _ => NodeLeasing.Acknowledge(state, lease, state.Lease?.NewsVersion ?? 0),
        };
    }

    private static Gen<NodeStep> Fitness() => Gen.Select(
        Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[1, 9], (kind, owner, number) => kind switch
        {
            0 => new NodeStep($"judge {number}", (state, now) => NodeFitness.Judge(
                state, new DeviceVerdict("GPU-0", "n0", number, number % 2 == 0, Said, now), now)),
            1 => new($"cordon {Owners[owner]}", (state, now) => NodeFitness.SetCordon(
                state, new Cordon(Owners[owner], Said, now))),
            2 => new($"drain {Owners[owner]} {number % 2}", (state, now) => NodeDrain.Drain(
                state, Owners[owner], "Fan.", movesJob: number % 2 == 0, now).State),
            // A check that fails after the lift sets our cordon anew.
            3 => new(
                Force,
                (state, now) => NodeDrain.Resume(state, Cordon.Operators, "Done.", isForced: true, now).State,
                IsIdempotent: false),
            _ => new(
                LiftOf(Owners[owner]),
                (state, now) => owner == 0
                    ? NodeFitness.LiftCordon(state, Cordon.Ours, Said, now).State
                    : NodeDrain.Resume(state, Owners[owner], "Done.", isForced: false, now).State,
                IsIdempotent: Owners[owner] != Cordon.Ours),
        });

    private static Gen<NodeStep> Time() => Gen.Int[0, 3].Select(kind => kind switch
    {
        0 => new NodeStep("tick", (state, now) => NodeContact.Tick(state, now)),
        3 => new("reload", (state, now) => NodeContact.Reload(state, now), IsIdempotent: false),
        _ => new("deadline", (state, now) => NodeContact.Tick(state, state.Deadline ?? now), IsIdempotent: false),
    });
}
