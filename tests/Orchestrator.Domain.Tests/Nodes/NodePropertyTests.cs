using CsCheck;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Nodes;

/// <summary>Everything that can reach a node, in any order, late, doubled, and on clocks that step.</summary>
public sealed class NodePropertyTests
{
    private const int LongestSequence = 80;
    private const int Sequences = 1_000;

    private static readonly Gen<(int Seconds, NodeStep Step)[]> Steps =
        Gen.Select(Gen.Int[-5, 90], NodeStep.Any).Array[0, LongestSequence];

    [Fact]
    public void AnySequence_BreaksNoRule() => Steps.Sample(
        steps => Run(steps, (before, after, _) => NodeRules.Check(before, after)), iter: Sequences);

    [Fact]
    public void AnyStep_TakenTwiceAtTheSameMoment_ChangesNothingTheSecondTime() => Steps.Sample(
        steps =>
        {
            var now = Moments.Start;
            var state = ANode.Warm().State;
            foreach (var (seconds, step) in steps)
            {
                now += TimeSpan.FromSeconds(seconds);
                state = step.Apply(state, now);
                var again = step.IsIdempotent ? step.Apply(state, now) : state;
                ReferenceEquals(again, state).ShouldBeTrue($"{step} changed something the second time");
            }
        },
        iter: Sequences);

    [Fact]
    public void AnySequence_NewestSessionAlwaysWins() => Steps.Sample(
        steps => Run(steps, (_, after, _) =>
        {
            foreach (var stale in new[] { after.SessionNumber - 1, after.SessionNumber - 2 })
            {
                NodeContact.Lose(after, stale, new Reason("stream_ended", "Late."), Moments.Start)
                    .ShouldBeSameAs(after);
                NodeContact.Keep(after, stale, Moments.Start).ShouldBeSameAs(after);
                NodeObservations.Take(after, stale, new GangStopped("job-0", 9, Moments.Start)).ShouldBeSameAs(after);
            }
        }),
        iter: Sequences);

    [Fact]
    public void AnySequence_OrdersOfAnotherLeaseOrALowerAttemptAreRefused() => Steps.Sample(
        steps => Run(steps, (_, after, _) =>
        {
            var attempt = after.Lease?.Attempt ?? 0;
            var job = after.Lease?.Job ?? "job-0";
            Refused(after, AnOrder.Launch(attempt, after.LeaseNumber - 1, job));
            Refused(after, AnOrder.Stop(attempt, after.LeaseNumber + 1, job));
            Refused(after, AnOrder.Launch(attempt - 1, after.LeaseNumber, job));
        }),
        iter: Sequences);

    [Fact]
    public void AnySequence_OnlyTheOwnerLiftsItsCordon() => Steps.Sample(
        steps => Run(steps, (before, after, step) =>
        {
            var gone = before.Cordons.Select(cordon => cordon.Owner)
                .Except(after.Cordons.Select(cordon => cordon.Owner)).ToArray();
            var isRepaired = before.Phase == NodePhase.Repairing && after.BootId != before.BootId;
            var isForced = step.Name == NodeStep.Force && gone.All(owner => owner is Cordon.Ours or Cordon.Operators);
            (gone.Length == 0 || step.Name == NodeStep.LiftOf(gone[0]) || (isRepaired && gone is [Cordon.Ours])
                || isForced)
                .ShouldBeTrue($"{step} lifted the cordon of {string.Join(", ", gone)}");
        }),
        iter: Sequences);

    private static void Run((int Seconds, NodeStep Step)[] steps, Action<NodeState, NodeState, NodeStep> check)
    {
        var now = Moments.Start;
        var state = new NodeState();
        foreach (var (seconds, step) in steps)
        {
            now += TimeSpan.FromSeconds(seconds);
            var next = step.Apply(state, now);
            check(state, next, step);
            state = next;
        }
    }

    private static void Refused(NodeState state, Domain.Leases.NodeOrder order)
    {
        var decision = NodeLeasing.Order(state, order, Moments.Start);
        decision.Refusal.ShouldNotBeNull();
        decision.State.ShouldBeSameAs(state);
    }
}
