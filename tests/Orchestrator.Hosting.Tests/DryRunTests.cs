using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

public sealed class DryRunTests
{
    [Fact]
    public async Task SubmitJob_DryRunOfABadJob_AnswersWithTheProblems()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();

        var reply = await plane.Control.SubmitJobAsync(
            new SubmitJobRequest { Spec = new JobSpec { Name = "Not A Name" }, DryRun = true });

        reply.Plan.ShouldBeNull();
        foreach (var key in new[] { "name:", "nodes:", "command:", "workingDirectory:" })
            reply.Problems.ShouldContain(problem => problem.StartsWith(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SubmitJob_DryRunWithFreeNodes_NamesThemAndStoresNothing()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;

        var plan = await PlanAsync(plane, nodes: 1);

        plan.StartsNow.ShouldBeTrue();
        plan.Reason.Code.ShouldBe("nodes_free");
        plan.Nodes.ShouldBe(["host1"]);
        plan.Spec.Recovery.LeaseMs.ShouldBe(10_000U, "defaults are filled in");
        (await plane.Control.ListJobsAsync(new ListJobsRequest())).Jobs.ShouldBeEmpty();
        (await plane.Control.ListPoolsAsync(new ListPoolsRequest())).Pools[0].Waiting.ShouldBeEmpty();
    }

    [Fact]
    public async Task SubmitJob_DryRunBehindAWaitingJob_SaysWhoIsAhead()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var first = await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec(nodes: 2) });

        var plan = await PlanAsync(plane, nodes: 1);

        plan.StartsNow.ShouldBeFalse();
        plan.Reason.Code.ShouldBe("behind_in_queue");
        plan.Ahead.ShouldHaveSingleItem().JobId.ShouldBe(first.JobId);
        plan.Nodes.ShouldBeEmpty();
    }

    private static async Task<SubmitPlan> PlanAsync(EmbeddedControlPlane plane, uint nodes) =>
        (await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec(nodes), DryRun = true })).Plan;

    private static JobSpec Spec(uint nodes)
    {
        var spec = new JobSpec { Name = "job", Nodes = nodes, RanksPerNode = 1, WorkingDirectory = "/" };
        spec.Command.Add("true");
        return spec;
    }
}
