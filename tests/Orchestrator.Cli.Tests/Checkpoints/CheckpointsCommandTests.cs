using System.Text.Json;
using Grpc.Core;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Orchestrator.Tests.ControlServer;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Checkpoints;

public sealed class CheckpointsCommandTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        _server.Control.Jobs.Add(new Job { Id = "job-1", Attempt = 4 });
        _server.Control.Checkpoints = new ListCheckpointsReply
        {
            Checkpoints =
            {
                new Checkpoint
                {
                    Step = 4_000,
                    Attempt = 2,
                    Tier = CheckpointTier.Local,
                    SizeBytes = 3UL << 29,
                    Shards = 2,
                    Holders = { "host1", "host2" },
                    IsNext = true,
                    IsUploading = true,
                    IsRestorable = true,
                    Unreplicated = { new Reason { Code = "memory_full", Sentence = "host2 has no room." } },
                    Damage = { new Reason { Code = "shard_hash_differs", Sentence = "Both copies differ." } },
                },
                new Checkpoint
                {
                    Step = 3_000, Attempt = 1, Tier = CheckpointTier.Durable, SizeBytes = 900, Shards = 2,
                    IsRestorable = true,
                },
            },
            Arriving =
            {
                new ArrivingCheckpoint
                {
                    Step = 5_000, Attempt = 2, ShardsArrived = 1, ShardsSafe = 0, ShardsExpected = 2, SizeBytes = 2_048,
                },
            },
        };
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Checkpoints_Human_SaysWhereEachIsAndWhatArrives()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "checkpoints", "job-1");

        run.ExitCode.ShouldBe(0);
        run.Lines[0].ShouldMatch("^STEP +ATTEMPT +TIER +SIZE +SHARDS +IN MEMORY OF +NOTE$");
        run.Lines[1].ShouldMatch("^4,000 +2 +local +1.5 GiB +2 +host1, host2 +resumed from next; on its way to the "
            + "store; one copy only: host2 has no room.; will not reach the store: Both copies differ.$");
        run.Lines[2].ShouldMatch("^3,000 +1 +durable +900 B +2$");
        run.Lines[4].ShouldMatch("^5,000 +2 +1 of 2 +0 +2 KiB$");
        _server.Control.Requests.ShouldHaveSingleItem().ShouldBe(new ListCheckpointsRequest { JobId = "job-1" });
    }

    [Fact]
    public async Task Checkpoints_None_SaysSo()
    {
        _server.Control.Checkpoints = new ListCheckpointsReply();

        (await CliRun.AgainstAsync(_server.Address, "checkpoints", "job-1")).Out
            .ShouldBe("job-1 has no checkpoint that is whole and verified.\n");
    }

    [Fact]
    public async Task Checkpoints_Json_IsOneObjectInProtobufsForm()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "checkpoints", "job-1", "-o", "json");

        var root = JsonDocument.Parse(run.Out).RootElement;
        root.GetProperty("checkpoints")[0].GetProperty("tier").GetString().ShouldBe("CHECKPOINT_TIER_LOCAL");
        root.GetProperty("checkpoints")[1].GetProperty("isNext").GetBoolean().ShouldBeFalse();
        root.GetProperty("arriving")[0].GetProperty("shardsExpected").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Resume_FromAStep_NamesTheAttemptThatItSaw()
    {
        var run = await CliRun.AgainstAsync(
            _server.Address, "resume", "job-1", "--from", "3000", "--reason", "the loss diverged");

        run.ExitCode.ShouldBe(0);
        run.Lines[0].ShouldBe("job-1 will go on from step 3,000; it is Pausing.");
        _server.Control.Requests.Last().ShouldBe(new ResumeJobRequest
        {
            JobId = "job-1",
            Step = 3_000,
            Attempt = 4,
            Reason = "the loss diverged",
        });
    }

    [Fact]
    public async Task Resume_FromWhereItGoesOnAlready_SaysSo()
    {
        _server.Control.IsChanged = false;

        var run = await CliRun.AgainstAsync(_server.Address, "resume", "job-1", "--from", "3000");

        run.ExitCode.ShouldBe(0);
        run.Lines[0].ShouldBe("job-1 goes on from step 3,000 already; it is Pausing.");
    }

    [Theory]
    [InlineData(StatusCode.NotFound, "no_such_checkpoint", 3)]
    [InlineData(StatusCode.FailedPrecondition, "job_ended", 4)]
    public async Task Resume_Refused_SaysWhy(StatusCode status, string code, int exitCode)
    {
        _server.Control.Failure = Refusals.Create(status, code, "It has those of steps 30, 20.");

        var run = await CliRun.AgainstAsync(_server.Address, "resume", "job-1", "--from", "3000");

        run.ExitCode.ShouldBe(exitCode);
        run.Error.ShouldBe($"It has those of steps 30, 20. [{code}]\n");
    }

    [Fact]
    public async Task Resume_AJobByForce_IsWrongUsage()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "resume", "job-1", "--from", "3000", "--force");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--force is for nodes");
    }
}
