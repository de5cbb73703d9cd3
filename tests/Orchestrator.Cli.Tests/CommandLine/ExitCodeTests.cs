using Grpc.Core;
using Orchestrator.Tests.ControlServer;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.CommandLine;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(StatusCode.InvalidArgument, 2)]
    [InlineData(StatusCode.NotFound, 3)]
    [InlineData(StatusCode.FailedPrecondition, 4)]
    [InlineData(StatusCode.Unavailable, 5)]
    [InlineData(StatusCode.Internal, 6)]
    public async Task AnyCommand_ControlPlaneFails_ExitsByKindAndSaysItsSentenceOnStandardError(
        StatusCode status, int exitCode)
    {
        await using var server = await Server.StartAsync();
        server.Control.Failure = Refusals.Create(status, "some_reason", "Do this or that.");

        var run = await CliRun.AgainstAsync(server.Address, "cancel", "job-1", "-o", "json");

        run.ExitCode.ShouldBe(exitCode);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldBe("Do this or that. [some_reason]\n");
    }

    [Fact]
    public async Task AnyCommand_NobodyListens_Exits5AndSaysAddressAndWhatToTry()
    {
        var run = await CliRun.AgainstAsync(new Uri("http://127.0.0.1:1"), "jobs");

        run.ExitCode.ShouldBe(5);
        run.Error.ShouldContain("http://127.0.0.1:1");
        run.Error.ShouldContain("orch dev up");
        run.Error.ShouldContain("--server");
    }

    [Theory]
    [InlineData("jbos")]
    [InlineData("jobs", "--nonsense")]
    [InlineData("logs")]
    [InlineData("logs", "job-1", "--lines", "1", "--tail", "1")]
    [InlineData("logs", "job-1", "--rank", "1", "--stdout", "--stderr")]
    [InlineData("job", "job-1", "--once", "--watch")]
    [InlineData("submit", "job.yaml", "--wait", "--dry-run")]
    [InlineData("completion", "tcsh")]
    [InlineData("logs", "job-1", "--rank", "many")]
    [InlineData("nodes", "-o", "xml")]
    [InlineData("job")]
    [InlineData("jobs", "--server", "not an address")]
    [InlineData("submit", "/nowhere/job.yaml")]
    [InlineData("dev", "up", "--hosts", "0")]
    public async Task AnyCommand_WrongUsage_Exits2AndSaysWhy(params string[] arguments)
    {
        var variables = new Dictionary<string, string> { ["HOME"] = "/nowhere" };

        var run = await CliRun.OfAsync(variables, arguments);

        run.ExitCode.ShouldBe(2);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Root_Help_DocumentsEveryExitCode()
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string>(), ["--help"]);

        run.ExitCode.ShouldBe(0);
        foreach (var code in new[] { "0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "130 " })
            run.Out.ShouldContain($"  {code}");
    }
}
