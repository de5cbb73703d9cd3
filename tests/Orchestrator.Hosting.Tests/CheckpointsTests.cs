using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

public sealed class CheckpointsTests
{
    [Fact]
    public async Task ResumeJob_FromAnEarlierCheckpoint_StopsTheGangAndPreparesFromThere()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        using var host = await SavedJob.StartAsync(plane, steps: [10, 20]);

        var listed = await plane.Control.ListCheckpointsAsync(new ListCheckpointsRequest { JobId = host.JobId });
        listed.Checkpoints.Select(checkpoint => checkpoint.Step).ShouldBe([20UL, 10UL]);
        listed.Checkpoints[0].IsNext.ShouldBeTrue();
        listed.Checkpoints.ShouldAllBe(checkpoint => checkpoint.Tier == CheckpointTier.Durable
            && checkpoint.SizeBytes == 5 && checkpoint.Shards == 1 && checkpoint.IsRestorable);

        var request = new ResumeJobRequest { JobId = host.JobId, Step = 10, Attempt = 1, Reason = "It diverged." };
        (await plane.Control.ResumeJobAsync(request)).Changed.ShouldBeTrue();
        var stop = await host.AcceptAsync(message => message.Command?.Stop is not null, "a stop");
        stop.Stop.GraceMs.ShouldBe(10_000U, "it is a planned one");
        await host.TellAsync(new AgentEvent { GangStopped = new GangStopped { JobId = host.JobId, Attempt = 1 } });

        var prepare = await host.Agent.NextAsync(message => message.Command?.Prepare is not null, "a second prepare");
        prepare.Command.Prepare.Resume.Step.ShouldBe(10UL);
        (await plane.Control.ResumeJobAsync(request)).Changed.ShouldBeFalse("its attempt is over");
        (await plane.Control.ListCheckpointsAsync(new ListCheckpointsRequest { JobId = host.JobId })).Checkpoints
            .ShouldHaveSingleItem().Step.ShouldBe(10UL);
        var incident = (await plane.Control.ListIncidentsAsync(new ListIncidentsRequest())).Incidents
            .ShouldHaveSingleItem();
        incident.Cause.Sentence.ShouldBe("operator asked to go on from step 10: It diverged.");
    }

    [Fact]
    public async Task ResumeJob_FromNoSuchCheckpoint_NotFoundWithTheOnesThereAre()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        using var host = await SavedJob.StartAsync(plane, steps: [10]);

        var error = await Should.ThrowAsync<RpcException>(async () => await plane.Control.ResumeJobAsync(
            new ResumeJobRequest { JobId = host.JobId, Step = 11 }));

        error.StatusCode.ShouldBe(StatusCode.NotFound);
        error.Trailers.GetValue("orchestrator-reason").ShouldBe("no_such_checkpoint");
        error.Status.Detail.ShouldEndWith("it has those of steps 10.");
    }

    [Fact]
    public async Task PruneCheckpoints_KeepsTheNewestAndHasTheHostDeleteTheRest()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        using var host = await SavedJob.StartAsync(plane, steps: [10, 20]);

        var reply = await plane.Control.PruneCheckpointsAsync(new PruneCheckpointsRequest { JobId = host.JobId });

        reply.ForgottenSteps.ShouldBe([10UL]);
        reply.KeptSteps.ShouldBe([20UL]);
        var retain = await host.Agent.NextAsync(
            message => message.Command?.Retain is { Manifests.Count: 1 } one && one.Manifests[0].Step == 20,
            "an order that names the newest only");
        retain.Command.Retain.FromMemoryOnly.ShouldBeFalse();
    }
}
