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
    public async Task Submit_Json_WritesOnlyTheReply()
    {
        var run = await RunAsync("-o", "json");

        run.Out.Trim().Replace(" ", "", StringComparison.Ordinal).ShouldBe("{\"jobId\":\"job-1\"}");
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
