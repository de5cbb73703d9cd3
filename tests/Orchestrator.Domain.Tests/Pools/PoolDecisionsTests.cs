using CsCheck;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Pools;

public sealed class PoolDecisionsTests
{
    [Fact]
    public void Plan_EnoughNodes_OffersAllFreeOnesInOrder() =>
        PoolDecisions.Plan(new(), Ticket("a", 2), Nodes(3), spares: 0).Candidates.ShouldBe(["n0", "n1", "n2"]);

    [Fact]
    public void Plan_TooFewNodes_WaitsForTheWholeGang()
    {
        var plan = PoolDecisions.Plan(new(), Ticket("a", 4), Nodes(3), spares: 0);

        plan.Candidates.ShouldBeEmpty();
        plan.Wait!.Sentence.ShouldBe("Needs 4 nodes at once; 3 of 3 are warm and free.");
    }

    [Fact]
    public void Plan_Spares_AreHeldBackFromNewJobsOnly()
    {
        PoolDecisions.Plan(new(), Ticket("a", 3), Nodes(3), spares: 1).Wait.ShouldNotBeNull();
        PoolDecisions.Plan(new(), Ticket("a", 3, isReplacement: true), Nodes(3), spares: 1).Wait.ShouldBeNull();
    }

    [Fact]
    public void Plan_LaterJobThatWouldFit_WaitsBehindTheFirst()
    {
        var waiting = PoolDecisions.Plan(new(), Ticket("a", 4, second: 1), Nodes(3), spares: 0).State;

        PoolDecisions.Plan(waiting, Ticket("b", 1, second: 2), Nodes(3), spares: 0)
            .Wait!.Sentence.ShouldBe("Waits behind a, which needs 4 nodes.");
    }

    [Fact]
    public void Plan_Replacement_GoesBeforeJobsThatWaitLonger()
    {
        var waiting = PoolDecisions.Plan(new(), Ticket("a", 4, second: 1), Nodes(3), spares: 0).State;

        PoolDecisions.Plan(waiting, Ticket("b", 1, second: 2, isReplacement: true), Nodes(3), spares: 0)
            .Wait.ShouldBeNull();
    }

    [Fact]
    public void Plan_CordonedLeasedOrSilentNodes_AreNotOffered()
    {
        NodeState[] nodes =
        [
            ANode.Warm("n0").Cordoned("operator"), ANode.Warm("n1").Leased(), ANode.Warm("n2").LosesContact(),
            ANode.Warm("n3"),
        ];

        PoolDecisions.Plan(new(), Ticket("a", 1), nodes, spares: 0).Candidates.ShouldBe(["n3"]);
    }

    [Fact]
    public void Plan_AskedAgain_ChangesNothing()
    {
        var waiting = PoolDecisions.Plan(new(), Ticket("a", 4), Nodes(3), spares: 0).State;

        PoolDecisions.Plan(waiting, Ticket("a", 4), Nodes(3), spares: 0).State.ShouldBeSameAs(waiting);
    }

    [Fact]
    public void Leave_Twice_ChangesNothingTheSecondTime()
    {
        var left = PoolDecisions.Leave(PoolDecisions.Plan(new(), Ticket("a", 4), Nodes(3), 0).State, "a");

        left.Waiting.ShouldBeEmpty();
        PoolDecisions.Leave(left, "a").ShouldBeSameAs(left);
    }

    [Fact]
    public void AnyRequests_OnlyTheFirstInTheQueueIsServedAndOnlyWhole() => Gen.Select(
        Gen.Int[0, 4], Gen.Int[1, 5], Gen.Bool, Gen.Int[0, 3]).Array[0, 40].Sample(requests =>
        {
            var state = new PoolState();
            foreach (var (job, nodes, isReplacement, free) in requests)
            {
                var plan = PoolDecisions.Plan(state, Ticket($"job-{job}", nodes, job, isReplacement), Nodes(free), 1);
                state = plan.State;
                var waiting = state.Waiting;
                waiting.Select(ticket => ticket.Job).ShouldBeUnique();
                waiting.SequenceEqual(waiting.OrderByDescending(ticket => ticket.IsReplacement)
                    .ThenBy(ticket => ticket.SubmittedAt)).ShouldBeTrue("the queue is out of order");
                plan.Candidates.IsEmpty.ShouldBe(plan.Wait is not null);
                if (plan.Wait is null)
                {
                    waiting[0].Job.ShouldBe($"job-{job}");
                    plan.Candidates.Length.ShouldBeGreaterThanOrEqualTo(nodes + (isReplacement ? 0 : 1));
                    state = PoolDecisions.Leave(state, $"job-{job}");
                }
            }
        });

    private static NodeState[] Nodes(int count) =>
        [.. Enumerable.Range(0, count).Reverse().Select(number => ANode.Warm($"n{number}").State)];

    private static PoolTicket Ticket(string job, int nodes, int second = 0, bool isReplacement = false) =>
        new(job, nodes, isReplacement, Moments.At(second), new Reason("queued", "Just asked."));
}
