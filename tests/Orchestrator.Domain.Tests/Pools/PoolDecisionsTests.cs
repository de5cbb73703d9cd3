using CsCheck;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Pools;

public sealed class PoolDecisionsTests
{
    private static readonly PoolLimits NoSpares = new(Spares: 0, ReplacementCap.Default);
    private static readonly PoolLimits OneSpare = new(Spares: 1, ReplacementCap.Default);
    private static readonly DateTimeOffset Now = Moments.At(60);

    [Fact]
    public void Plan_EnoughNodes_OffersAllFreeOnesInOrder() =>
        PoolDecisions.Plan(new(), Ticket("a", 2), Nodes(3), NoSpares, Now).Candidates.ShouldBe(["n0", "n1", "n2"]);

    [Fact]
    public void Plan_TooFewNodes_WaitsForTheWholeGang()
    {
        var plan = PoolDecisions.Plan(new(), Ticket("a", 4), Nodes(3), NoSpares, Now);

        plan.Candidates.ShouldBeEmpty();
        plan.Wait!.Sentence.ShouldBe("Needs 4 nodes at once; 3 of 3 are warm and free.");
    }

    [Fact]
    public void Plan_Spares_AreHeldBackFromNewJobsOnly()
    {
        PoolDecisions.Plan(new(), Ticket("a", 3), Nodes(3), OneSpare, Now).Wait.ShouldNotBeNull();
        PoolDecisions.Plan(new(), Ticket("a", 3, isReplacement: true), Nodes(3), OneSpare, Now).Wait.ShouldBeNull();
    }

    [Fact]
    public void Plan_LaterJobThatWouldFit_WaitsBehindTheFirst()
    {
        var waiting = PoolDecisions.Plan(new(), Ticket("a", 4, second: 1), Nodes(3), NoSpares, Now).State;

        PoolDecisions.Plan(waiting, Ticket("b", 1, second: 2), Nodes(3), NoSpares, Now)
            .Wait!.Sentence.ShouldBe("Waits behind a, which needs 4 nodes.");
    }

    [Fact]
    public void Plan_Replacement_GoesBeforeJobsThatWaitLonger()
    {
        var waiting = PoolDecisions.Plan(new(), Ticket("a", 4, second: 1), Nodes(3), NoSpares, Now).State;

        PoolDecisions.Plan(waiting, Ticket("b", 1, second: 2, isReplacement: true), Nodes(3), NoSpares, Now)
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

        PoolDecisions.Plan(new(), Ticket("a", 1), nodes, NoSpares, Now).Candidates.ShouldBe(["n3"]);
    }

    [Fact]
    public void Plan_AskedAgain_ChangesNothing()
    {
        var waiting = PoolDecisions.Plan(new(), Ticket("a", 4), Nodes(3), NoSpares, Now).State;

        PoolDecisions.Plan(waiting, Ticket("a", 4), Nodes(3), NoSpares, Now).State.ShouldBeSameAs(waiting);
    }

    [Fact]
    public void Leave_Twice_ChangesNothingTheSecondTime()
    {
        var left = PoolDecisions.Leave(PoolDecisions.Plan(new(), Ticket("a", 4), Nodes(3), NoSpares, Now).State, "a");

        left.Waiting.ShouldBeEmpty();
        PoolDecisions.Leave(left, "a").ShouldBeSameAs(left);
    }

    [Fact]
    public void Plan_ReplacementBeyondTheCap_WaitsUntilTheOldestLeftTheWindow()
    {
        var limits = new PoolLimits(Spares: 0, ReplacementsPerMinute: 3);
        var served = PoolDecisions.Serve(new(), Ticket("a", 2, isReplacement: true), Moments.At(0));
        served = PoolDecisions.Serve(served, Ticket("b", 1, isReplacement: true), Moments.At(20));
        PoolPlan Ask(int second) => PoolDecisions.Plan(
            served, Ticket("c", 1, isReplacement: true), Nodes(3), limits, Moments.At(second));

        Ask(59).Wait!.Code.ShouldBe("replacement_cap");
        Ask(59).Wait.ShouldBe(Ask(30).Wait, "the same wait has the same words");
        Ask(59).Wait!.Sentence.ShouldContain($"{Moments.At(60):HH:mm:ss} UTC");
        Ask(60).Wait.ShouldBeNull();
    }

    [Fact]
    public void Plan_ReplacementOfMoreThanTheCap_IsServedAfterAQuietMinute()
    {
        var limits = new PoolLimits(Spares: 0, ReplacementsPerMinute: 1);
        var ticket = Ticket("a", 3, isReplacement: true);

        PoolDecisions.Plan(new(), ticket, Nodes(3), limits, Now).Wait.ShouldBeNull();
        var served = PoolDecisions.Serve(new(), ticket, Now);
        PoolDecisions.Plan(served, ticket, Nodes(3), limits, Moments.At(119)).Wait.ShouldNotBeNull();
        PoolDecisions.Plan(served, ticket, Nodes(3), limits, Moments.At(120)).Wait.ShouldBeNull();
    }

    [Fact]
    public void Plan_NewJobAfterManyReplacements_DoesNotWaitForThem()
    {
        var served = PoolDecisions.Serve(new(), Ticket("a", 9, isReplacement: true), Now);

        PoolDecisions.Plan(served, Ticket("b", 3), Nodes(3), new PoolLimits(0, 1), Now).Wait.ShouldBeNull();
        PoolDecisions.Serve(served, Ticket("b", 3), Now).Replaced.ShouldBe(served.Replaced);
    }

    [Fact]
    public void AnyReplacements_OfOneNodeEach_AreNeverMoreInAMinuteThanTheCap() => Gen.Select(
        Gen.Int[1, 5], Gen.Int[0, 40].Array[1, 60]).Sample((cap, pauses) =>
        {
            var (state, second, served) = (new PoolState(), 0, new List<int>());
            foreach (var pause in pauses)
            {
                second += pause;
                var ticket = Ticket("a", 1, isReplacement: true);
                var plan = PoolDecisions.Plan(state, ticket, Nodes(1), new PoolLimits(0, cap), Moments.At(second));
                if (plan.Wait is null)
                {
                    state = PoolDecisions.Serve(state, ticket, Moments.At(second));
                    served.Add(second);
                }
            }

            served.ShouldAllBe(last => served.Count(one => one > last - 60 && one <= last) <= cap);
            state.Replaced.Length.ShouldBeLessThanOrEqualTo(cap);
        });

    [Fact]
    public void AnyRequests_OnlyTheFirstInTheQueueIsServedAndOnlyWhole() => Gen.Select(
        Gen.Int[0, 4], Gen.Int[1, 5], Gen.Bool, Gen.Int[0, 3]).Array[0, 40].Sample(requests =>
        {
            var state = new PoolState();
            foreach (var (job, nodes, isReplacement, free) in requests)
            {
                var ticket = Ticket($"job-{job}", nodes, job, isReplacement);
                var plan = PoolDecisions.Plan(state, ticket, Nodes(free), OneSpare, Now);
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
