using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Pools;

public sealed class TopologyTests
{
    [Fact]
    public void NearestFirst_RackOfMostOfTheGang_ComesFirst() => Order(
        [Free("n5", "a"), Free("n6", "b"), Free("n7", null), Free("n8", "b")],
        [Held("n1", "b"), Held("n2", "b"), Held("n3", "a")]).ShouldBe(["n6", "n8", "n5", "n7"]);

    [Fact]
    public void NearestFirst_NewJob_GoesByName() =>
        Order([Free("n2", "b"), Free("n1", "a")], []).ShouldBe(["n1", "n2"]);

    [Fact]
    public void NearestFirst_GangWithoutRacks_GoesByName() =>
        Order([Free("n2", null), Free("n1", "a")], [Held("n3", null)]).ShouldBe(["n1", "n2"]);

    [Fact]
    public void NearestFirst_AsManyInEach_TakesTheFirstByName() => Order(
        [Free("n5", "b"), Free("n6", "a")], [Held("n1", "b"), Held("n2", "a")]).ShouldBe(["n6", "n5"]);

    [Fact]
    public void NearestFirst_NodesThatAreLeft_SayNothingOfWhereTheGangIs()
    {
        NodeState[] gang =
        [
            Labelled(ANode.Warm("n1").Active().Drained(), "a"), Labelled(ANode.Warm("n2").Active().Lost(), "a"),
            Labelled(ANode.Warm("n3").Active("other"), "a"), Held("n4", "b"),
        ];

        Order([Free("n5", "a"), Free("n6", "b")], gang).ShouldBe(["n6", "n5"]);
    }

    [Fact]
    public void PlanRelocation_StoppedJobWaits_ComesAfterIt()
    {
        var waiting = PoolDecisions.Plan(
            new(), Ticket("b", 2, isReplacement: true), [Free("n1", null)], default, Moments.Start).State;
        var plan = PoolDecisions.PlanRelocation(waiting, "a", 1, [Free("n1", null)]);
        plan.Wait!.Code.ShouldBe("behind_in_queue");
        plan.State.ShouldBeSameAs(waiting, "a job that runs takes no place in the queue");
    }

    [Fact]
    public void PlanRelocation_NewJobWaits_DoesNotWaitBehindIt()
    {
        var waiting = PoolDecisions.Plan(new(), Ticket("b", 9, isReplacement: false), [], default, Moments.Start).State;
        PoolDecisions.PlanRelocation(waiting, "a", 1, [Free("n1", null)]).Candidates.ShouldBe(["n1"]);
    }

    [Fact]
    public void PlanRelocation_TooFewNodes_SaysHowManyThereAre()
    {
        var plan = PoolDecisions.PlanRelocation(new(), "a", 2, [Free("n1", null)]);
        plan.Wait!.Sentence.ShouldBe("Needs 2 nodes at once; 1 of 1 are warm and free.");
        plan.State.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void Attach_Labels_AreTheNewestHellos()
    {
        var node = ANode.Warm().AttachesAs(hello => hello with { Labels = hello.Labels.Add("rack", "a") });
        node.State.Labels["rack"].ShouldBe("a");
        node.Attaches().State.Labels.ShouldBeEmpty();
    }

    private static IEnumerable<string> Order(NodeState[] free, NodeState[] gang) =>
        Topology.NearestFirst(free, "job", [.. free, .. gang]).Select(node => node.Name);

    private static NodeState Free(string name, string? rack) => Labelled(ANode.Warm(name), rack);

    private static NodeState Held(string name, string? rack) => Labelled(ANode.Warm(name).Active(), rack);

    private static NodeState Labelled(NodeState node, string? rack) => rack is null
        ? node
        : node with { Labels = node.Labels.Add(Topology.RackLabel, rack) };

    private static PoolTicket Ticket(string job, int nodes, bool isReplacement) =>
        new(job, nodes, isReplacement, Moments.Start, new Reason("queued", "Just asked."));
}
