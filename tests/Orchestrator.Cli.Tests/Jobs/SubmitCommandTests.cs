using System.Text.Json;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Jobs;

public sealed class SubmitCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Server _server = null!;
    private string _file = "";

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        _file = _folder.Write("job.yaml", "name: train\nnodes: 2\ncommand: [train]\ncheckpoint: {store: kept}\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Submit_GoodFile_SendsJobWithPathsOfTheFilesFolderAndAKey()
    {
        var run = await RunAsync("--name", "other", "--env", "A=1", "--env", "B=2");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Lines[0].ShouldBe("Submitted other as job-1.");
        var request = _server.Control.Requests.ShouldHaveSingleItem().ShouldBeOfType<SubmitJobRequest>();
        request.IdempotencyKey.ShouldNotBeEmpty();
        request.Spec.WorkingDirectory.ShouldBe(_folder.Root);
        request.Spec.Checkpoint.Store.ShouldBe(_folder.At("kept"));
        request.Spec.Environment.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Submit_Key_IsTheSubmissions()
    {
        (await RunAsync("--key", "nightly-7")).ExitCode.ShouldBe(0);

        _server.Control.Requests.ShouldHaveSingleItem().ShouldBeOfType<SubmitJobRequest>()
            .IdempotencyKey.ShouldBe("nightly-7");
    }

    [Fact]
    public async Task Submit_Json_WritesOnlyTheReply()
    {
        var run = await RunAsync("-o", "json");

        JsonDocument.Parse(run.Out).RootElement.GetProperty("jobId").GetString().ShouldBe("job-1");
    }

    [Fact]
    public async Task Submit_BadFile_Exits2WithAllProblemsAndSendsNothing()
    {
        _folder.Write("job.yaml", "name: train\nnods: 2\nnodes: none\n");

        var run = await RunAsync();

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain($"{_file}:2: nods: unknown key");
        run.Error.ShouldContain($"{_file}:3: nodes: must be a whole number");
        run.Error.ShouldContain($"{_file}:1: command: is missing");
        _server.Control.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(JobPhase.Succeeded, 0)]
    [InlineData(JobPhase.Failed, 1)]
    [InlineData(JobPhase.Cancelled, 1)]
    public async Task Submit_Wait_ShowsEachStandingOnceAndExitsAsTheJobEnded(JobPhase end, int exitCode)
    {
        _server.Control.JobChanges.AddRange(
            [At(JobPhase.Queued, 0), At(JobPhase.Running, 1), At(JobPhase.Running, 2), At(end, 3)]);

        var run = await RunAsync("--wait");

        run.ExitCode.ShouldBe(exitCode);
        run.Lines.Length.ShouldBe(3);
        run.Lines[0].ShouldBe("job-1  Queued: Waits for 2 nodes.");
        run.Lines[1].ShouldContain("Running");
        run.Lines[2].ShouldContain(end.ToString());
    }

    [Fact]
    public async Task Submit_WaitAndControlPlaneRestarts_GoesOnWatching()
    {
        _server.Control.JobChanges.AddRange([At(JobPhase.Running, 1), At(JobPhase.Succeeded, 2)]);
        _server.Control.BreakStreamAfter = 1;

        var run = await RunAsync("--wait");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain("Lost the control plane");
        run.Lines.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Submit_DryRun_SaysWhatWouldHappen()
    {
        _server.Control.DryRun = new SubmitJobReply
        {
            Plan = new SubmitPlan
            {
                Spec = new JobSpec
                {
                    Name = "train",
                    Nodes = 2,
                    RanksPerNode = 8,
                    Command = { "train", "two words" },
                    Checkpoint = new CheckpointPolicy { Store = "/kept", Keep = 3 },
                    Recovery = new RecoveryPolicy { LeaseMs = 10_000, StopGraceMs = 10_000, StopAfterNoProgress = 3 },
                },
                Reason = new Reason { Code = "behind_in_queue", Sentence = "Waits behind other-1." },
                Ahead = { new WaitingJob { JobId = "other-1", Nodes = 4 } },
            },
        };

        var run = await RunAsync("--dry-run");

        run.ExitCode.ShouldBe(0, run.Error);
        foreach (var text in new[]
        {
            "The job would wait.", "Waits behind other-1. (behind_in_queue)", "2 x 8 ranks = 16", "train 'two words'",
            "the newest 3 in /kept/JOB-ID", "other-1",
        })
        {
            run.Out.ShouldContain(text);
        }

        _server.Control.Requests.ShouldHaveSingleItem().ShouldBeOfType<SubmitJobRequest>().DryRun.ShouldBeTrue();
    }

    [Fact]
    public async Task Submit_DryRunWithProblemsOfTheServer_Exits2AndSaysThem()
    {
        _server.Control.DryRun = new SubmitJobReply { Problems = { "nodes: must be 1 to 4096." } };

        var run = await RunAsync("--dry-run");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldBe($"{_file}: nodes: must be 1 to 4096.\n");
    }

    private static Job At(JobPhase phase, ulong step)
    {
        var job = new Job { Id = "job-1", Phase = phase, Step = step };
        if (phase == JobPhase.Queued)
            job.Reason = new Reason { Code = "nodes_missing", Sentence = "Waits for 2 nodes." };
        return job;
    }

    private Task<CliRun> RunAsync(params string[] options) =>
        CliRun.AgainstAsync(_server.Address, ["submit", _file, .. options]);
}
