using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

public sealed class DrainTests
{
    [Fact]
    public async Task DrainAndResume_FreeNode_EachRepetitionSaysThatNothingChanged()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;
        var drain = new DrainNodeRequest { Name = "host1", Reason = "fan" };

        var drained = await plane.Control.DrainNodeAsync(drain);
        drained.Changed.ShouldBeTrue();
        drained.Node.Cordons.ShouldHaveSingleItem().Owner.ShouldBe("operator");
        drained.Node.Drain.Code.ShouldBe("drained");
        (await plane.Control.DrainNodeAsync(drain)).Changed.ShouldBeFalse();
        (await plane.Control.ListNodesAsync(new ListNodesRequest())).Nodes.ShouldHaveSingleItem()
            .Drain.Code.ShouldBe("drained");

        var resume = new ResumeNodeRequest { Name = "host1", Reason = "done" };
        var resumed = await plane.Control.ResumeNodeAsync(resume);
        resumed.Changed.ShouldBeTrue();
        resumed.Node.Cordons.ShouldBeEmpty();
        resumed.Node.Drain.ShouldBeNull();
        (await plane.Control.ResumeNodeAsync(resume)).Changed.ShouldBeFalse();
    }

    [Theory]
    [InlineData("host9", "fan", "", StatusCode.NotFound, "no_such_node")]
    [InlineData("host1", " ", "", StatusCode.InvalidArgument, "invalid_reason")]
    [InlineData("host1", "fan", "orchestrator", StatusCode.InvalidArgument, "invalid_owner")]
    public async Task DrainAndResume_BadRequest_RefusedWithCode(
        string name, string reason, string owner, StatusCode status, string code)
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;

        var errors = new[]
        {
            await Should.ThrowAsync<RpcException>(async () => await plane.Control.DrainNodeAsync(
                new DrainNodeRequest { Name = name, Reason = reason, Owner = owner })),
            await Should.ThrowAsync<RpcException>(async () => await plane.Control.ResumeNodeAsync(
                new ResumeNodeRequest { Name = name, Reason = reason, Owner = owner })),
        };

        errors.ShouldAllBe(error => error.StatusCode == status
            && error.Trailers.GetValue("orchestrator-reason") == code && error.Status.Detail.Length > 0);
        (await plane.Control.ListNodesAsync(new ListNodesRequest())).Nodes.ShouldHaveSingleItem()
            .Cordons.ShouldBeEmpty();
    }

    [Fact]
    public async Task Resume_CordonOfAnother_RefusedWithCode()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;
        await plane.Control.DrainNodeAsync(new DrainNodeRequest { Name = "host1", Reason = "fan", Owner = "slurm" });

        var error = await Should.ThrowAsync<RpcException>(async () => await plane.Control.ResumeNodeAsync(
            new ResumeNodeRequest { Name = "host1", Reason = "done", Force = true }));

        error.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        error.Trailers.GetValue("orchestrator-reason").ShouldBe("cordoned_by_other");
        error.Status.Detail.ShouldContain("Only slurm lifts it.");
    }
}
