using System.Text.Json;
using Grpc.Core;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Orchestrator.Tests.ControlServer;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Checkpoints;

public sealed class CheckpointWorkTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync() => _server = await Server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Verify_AllGood_SaysSo()
    {
        Found(Finding("store", ShardCopyState.Good), Finding("memory of host2", ShardCopyState.Good));

        var run = await CliRun.AgainstAsync(_server.Address, "checkpoint", "verify", "job-1", "--step", "4000");

        run.ExitCode.ShouldBe(0);
        run.Lines[1].ShouldMatch("^0 +store +good$");
        run.Lines[^1].ShouldBe("Step 4,000: all 2 copies are as its manifest says, by host1.");
        _server.Control.Requests.ShouldHaveSingleItem()
            .ShouldBe(new VerifyCheckpointRequest { JobId = "job-1", Step = 4_000 });
    }

    [Theory]
    [InlineData(ShardCopyState.Missing, "missing")]
    [InlineData(ShardCopyState.Differs, "differs")]
    [InlineData(ShardCopyState.Unknown, "unknown")]
    public async Task Verify_OneBad_IsExitCode1(ShardCopyState state, string word)
    {
        Found(Finding("store", ShardCopyState.Good), Finding("memory of host2", state));

        var run = await CliRun.AgainstAsync(_server.Address, "checkpoint", "verify", "job-1");

        run.ExitCode.ShouldBe(1);
        run.Lines[2].ShouldMatch($"^0 +memory of host2 +{word} +It is so. .so.$");
        run.Lines[^1].ShouldBe("Step 4,000: 1 of 2 copies are not good, by host1.");
        _server.Control.Requests.ShouldHaveSingleItem().ShouldBe(new VerifyCheckpointRequest { JobId = "job-1" });
    }

    [Fact]
    public async Task Verify_Json_IsALineForEachPart()
    {
        Found(Finding("store", ShardCopyState.Good), Finding("memory of host2", ShardCopyState.Missing));

        var run = await CliRun.AgainstAsync(_server.Address, "checkpoint", "verify", "job-1", "-o", "json");

        run.ExitCode.ShouldBe(1);
        run.Lines.Length.ShouldBe(2);
        JsonDocument.Parse(run.Lines[1]).RootElement.GetProperty("findings")[0].GetProperty("state").GetString()
            .ShouldBe("SHARD_COPY_STATE_MISSING");
    }

    [Fact]
    public async Task Restore_Whole_SaysFromWhereAndWhereTo()
    {
        Found(Finding("memory of host2", ShardCopyState.Good));

        var run = await RestoreAsync();

        run.ExitCode.ShouldBe(0);
        run.Lines.ShouldBe([
            "1 of 1: rank 0, from the memory of host2", "The checkpoint of step 4,000 is in /scratch/a on host1."]);
        _server.Control.Requests.ShouldHaveSingleItem().ShouldBe(
            new RestoreCheckpointRequest { JobId = "job-1", Step = 4_000, Node = "host1", Folder = "/scratch/a" });
    }

    [Fact]
    public async Task Restore_FolderIsNotEmpty_IsRefused()
    {
        _server.Control.Failure = Refusals.Create(
            StatusCode.FailedPrecondition, "folder_not_empty", "/scratch/a on host1 is not empty.");

        var run = await RestoreAsync();

        run.ExitCode.ShouldBe(4);
        run.Error.ShouldBe("/scratch/a on host1 is not empty. [folder_not_empty]\n");
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Prune_Some_SaysWhichAndWhatIsLeft()
    {
        _server.Control.Pruned = new PruneCheckpointsReply { ForgottenSteps = { 3_000, 2_000 }, KeptSteps = { 4_000 } };

        var run = await CliRun.AgainstAsync(_server.Address, "checkpoint", "prune", "job-1", "--keep", "1");

        run.Lines.ShouldBe([
            "job-1 forgot its checkpoints of steps 3,000, 2,000; their files are being deleted.", "Kept: 4,000."]);
        _server.Control.Requests.ShouldHaveSingleItem()
            .ShouldBe(new PruneCheckpointsRequest { JobId = "job-1", Keep = 1 });
    }

    [Fact]
    public async Task Prune_Nothing_SaysSo() =>
        (await CliRun.AgainstAsync(_server.Address, "checkpoint", "prune", "job-1")).Lines
            .ShouldBe(["job-1 has nothing to forget."]);

    private Task<CliRun> RestoreAsync() => CliRun.AgainstAsync(
        _server.Address, "checkpoint", "restore", "job-1", "--step", "4000", "--to", "/scratch/a", "--node", "host1");

    private void Found(params ShardFinding[] findings)
    {
        foreach (var (index, finding) in findings.Index())
        {
            _server.Control.CheckpointWork.Add(new CheckpointWork
            {
                Node = "host1",
                Step = 4_000,
                Attempt = 1,
                Findings = { finding },
                Done = (uint)index + 1,
                Total = (uint)findings.Length,
            });
        }
    }

    private static ShardFinding Finding(string place, ShardCopyState state) => new()
    {
        Place = place,
        State = state,
        Fault = state == ShardCopyState.Good ? null : new Reason { Code = "so", Sentence = "It is so." },
    };
}
