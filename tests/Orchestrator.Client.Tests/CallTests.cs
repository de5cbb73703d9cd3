using System.Text;
using Orchestrator.Protocol.V1;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Client.Tests;

public sealed class CallTests : IAsyncLifetime
{
    private Server _server = null!;
    private OrchestratorClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        _client = new OrchestratorClient(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task SubmitJob_WithKey_SendsSpecAndKey()
    {
        var spec = new JobSpec { Name = "train", Nodes = 4 };

        var jobId = await _client.SubmitJobAsync(spec, "key-1", Cancellation);

        jobId.ShouldBe("job-1");
        Asked<SubmitJobRequest>().ShouldBe(new SubmitJobRequest { Spec = spec, IdempotencyKey = "key-1" });
    }

    [Fact]
    public async Task WatchJob_ThreeChanges_YieldsThemInOrderAndEnds()
    {
        _server.Control.JobChanges.AddRange(
            [Job(JobPhase.Queued), Job(JobPhase.Running), Job(JobPhase.Succeeded)]);

        var jobs = await _client.WatchJobAsync("job-1", Cancellation).ToListAsync(Cancellation);

        jobs.Select(job => job.Phase).ShouldBe([JobPhase.Queued, JobPhase.Running, JobPhase.Succeeded]);
        Asked<GetJobRequest>().JobId.ShouldBe("job-1");
    }

    [Fact]
    public async Task Checkpoints_WhatIsLeftOut_IsLeftToTheControlPlane()
    {
        await _client.ResumeJobAsync("job-1", 40, cancellationToken: Cancellation);
        await _client.VerifyCheckpointAsync("job-1", cancellationToken: Cancellation).ToListAsync(Cancellation);
        await _client.RestoreCheckpointAsync("job-1", "host1", "/scratch", 40, Cancellation).ToListAsync(Cancellation);
        await _client.PruneCheckpointsAsync("job-1", cancellationToken: Cancellation);

        _server.Control.Requests.ShouldBe([
            new ResumeJobRequest { JobId = "job-1", Step = 40 },
            new VerifyCheckpointRequest { JobId = "job-1" },
            new RestoreCheckpointRequest { JobId = "job-1", Node = "host1", Folder = "/scratch", Step = 40 },
            new PruneCheckpointsRequest { JobId = "job-1", Keep = 1 },
        ]);
    }

    [Fact]
    public async Task ReadLogs_PiecesCutInsideACharacter_AreTheSameBytes()
    {
        var bytes = Encoding.UTF8.GetBytes("step 1 … done");
        _server.Control.LogPieces.AddRange([bytes[..8], bytes[8..]]);
        var request = new ReadLogsRequest { JobId = "job-1", Rank = 3, TailBytes = 100, Follow = true };

        var pieces = await _client.ReadLogsAsync(request, Cancellation).ToListAsync(Cancellation);

        pieces.SelectMany(piece => piece.ToArray()).ShouldBe(bytes);
        Asked<ReadLogsRequest>().ShouldBe(request);
    }

    [Fact]
    public async Task ListIncidents_OfOneJob_AsksForThatJob()
    {
        _server.Control.Incidents.Add(new Incident { Id = "inc-1" });

        var incidents = await _client.ListIncidentsAsync("job-1", Cancellation);

        incidents.ShouldHaveSingleItem().Id.ShouldBe("inc-1");
        Asked<ListIncidentsRequest>().JobId.ShouldBe("job-1");
    }

    [Fact]
    public async Task WatchNodes_OneNode_YieldsItAtOnce()
    {
        _server.Control.Nodes.Add(new Node { Name = "host1", Phase = NodePhase.Warm });

        var first = await _client.WatchNodesAsync(Cancellation).FirstAsync(Cancellation);

        first.Name.ShouldBe("host1");
    }

    [Fact]
    public async Task DrainAndResume_SendWhatIsAskedFor()
    {
        _server.Control.Nodes.Add(new Node { Name = "host1", Phase = NodePhase.Warm });

        var drained = await _client.DrainNodeAsync("host1", "fan", now: true, cancellationToken: Cancellation);
        var resumed = await _client.ResumeNodeAsync("host1", "done", force: true, "slurm", Cancellation);

        drained.Changed.ShouldBeTrue();
        resumed.Node.Name.ShouldBe("host1");
        _server.Control.Requests.ShouldBe(
        [
            new DrainNodeRequest { Name = "host1", Reason = "fan", Now = true },
            new ResumeNodeRequest { Name = "host1", Reason = "done", Force = true, Owner = "slurm" },
        ]);
    }

    [Fact]
    public async Task Lists_Empty_AreEmpty()
    {
        (await _client.ListJobsAsync(Cancellation)).ShouldBeEmpty();
        (await _client.ListNodesAsync(Cancellation)).ShouldBeEmpty();
        (await _client.ListPoolsAsync(Cancellation)).ShouldBeEmpty();
    }

    private static Job Job(JobPhase phase) => new() { Id = "job-1", Phase = phase };

    private T Asked<T>() => _server.Control.Requests.ShouldHaveSingleItem().ShouldBeOfType<T>();
}
