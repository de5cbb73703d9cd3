using System.Diagnostics;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Completion;

public sealed class CompletionTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        _server.Control.Jobs.Add(new Job { Id = "train-4x7kq" });
        _server.Control.Jobs.Add(new Job { Id = "other-22222" });
        _server.Control.Nodes.Add(new Node { Name = "host7" });
        _server.Control.Incidents.Add(new Incident { Id = "train-4x7kq-i1" });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("", "submit")]
    [InlineData("in", "incidents")]
    [InlineData("dev kill", "kill-host")]
    [InlineData("logs x --fo", "--follow")]
    [InlineData("jobs -o ", "json")]
    [InlineData("completion ", "zsh")]
    [InlineData("job ", "train-4x7kq")]
    [InlineData("cancel tr", "train-4x7kq")]
    [InlineData("checkpoints tr", "train-4x7kq")]
    [InlineData("resume tr", "train-4x7kq")]
    [InlineData("resume ho", "host7")]
    [InlineData("events --job ", "train-4x7kq")]
    [InlineData("node ", "host7")]
    [InlineData("incident ", "train-4x7kq-i1")]
    public async Task Suggest_LineUpToTheCursor_OffersWhatMayComeNext(string line, string expected) =>
        (await SuggestAsync(_server.Address, line)).Lines.ShouldContain(expected);

    [Fact]
    public async Task Suggest_BegunId_OffersOnlyThoseThatBeginSo() =>
        (await SuggestAsync(_server.Address, "job tr")).Lines.ShouldNotContain("other-22222");

    [Fact]
    public async Task Suggest_NobodyAnswers_OffersTheRestAndComplainsOfNothing()
    {
        _server.Control.IsSilent = true;
        foreach (var address in new[] { _server.Address, new Uri("http://127.0.0.1:1") })
        {
            var run = await SuggestAsync(address, "job ");

            run.ExitCode.ShouldBe(0);
            run.Error.ShouldBeEmpty();
            run.Lines.ShouldContain("--watch");
        }
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _orch orch")]
    [InlineData("zsh", "compdef _orch orch")]
    [InlineData("fish", "complete --command orch")]
    public async Task Completion_OfAShell_PrintsAScriptForIt(string shell, string line)
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string>(), ["completion", shell]);

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain(line);
        run.Out.ShouldNotContain("\r");
    }

    [Fact]
    public async Task Completion_InBash_OffersWhatOrchSaysAndBeginsLikeTheWord()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write(
            "completion.bash", (await CliRun.OfAsync(new Dictionary<string, string>(), ["completion", "bash"])).Out);
        // Stands for orch: says what it was asked, and two words of which one begins like the typed one.
        var orch = folder.Write(
            "orch", "#!/bin/sh\necho \"$1|$2\" >> \"$0.asked\"\nprintf 'jobs\\nnodes\\n'\n");
        await RunAsync("chmod", "+x", orch);
        var test = folder.Write(
            "test.bash",
            $"source {script}\nCOMP_LINE='orch dev jo' COMP_POINT=11 COMP_WORDS=({orch} dev jo) COMP_CWORD=2\n"
            + "_orch\necho \"${COMPREPLY[@]}\"\n");

        var output = await RunAsync("bash", test);

        output.ShouldBe("jobs\n");
        (await File.ReadAllTextAsync($"{orch}.asked")).ShouldBe("[suggest:6]|dev jo\n");
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await process.StandardOutput.ReadToEndAsync(deadline.Token);
    }

    private static Task<CliRun> SuggestAsync(Uri server, string line) =>
        CliRun.AgainstAsync(server, $"[suggest:{line.Length}]", line);
}
