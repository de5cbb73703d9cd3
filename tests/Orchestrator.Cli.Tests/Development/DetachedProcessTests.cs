using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;
using Orchestrator.Cli.Tests.CommandLine;

namespace Orchestrator.Cli.Tests.Development;

public sealed class DetachedProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_Always_IsALeaderOfItsOwnSessionWithoutInput()
    {
        var output = await RunAsync("cut -d' ' -f6 /proc/self/stat; echo $$; cat; pwd");

        var lines = output.Split('\n');
        lines[0].ShouldBe(lines[1]);
        lines[2].ShouldBe(_folder.Root);
    }

    [Fact]
    public async Task Start_Always_AppendsOutputAndErrorToTheLog()
    {
        _folder.Write("log", "before\n");

        (await RunAsync("echo out; echo err >&2")).ShouldBe("before\nout\nerr\n");
    }

    [Fact]
    public async Task Start_Always_NoSignalIsIgnoredOrBlocked()
    {
        var output = await RunAsync("grep -E '^Sig(Blk|Ign)' /proc/self/status");

        // Two signals above the standard ones are the C library's own; it ignores them in every spawned process.
        const ulong standardSignals = 0x7FFF_FFFF;
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Convert.ToUInt64(line.Split('\t')[1], 16) & standardSignals)
            .ShouldBe([0ul, 0ul]);
    }

    [Fact]
    public async Task Start_NullVariable_IsRemovedAndOthersAreAdded()
    {
        var variables = new Dictionary<string, string?> { ["HOME"] = null, ["ADDED"] = "ä b" };

        (await RunAsync("echo \"${HOME-unset} $ADDED\"", variables)).ShouldBe("unset ä b\n");
    }

    [Fact]
    public void Start_NoSuchProgram_SaysSo()
    {
        var error = Should.Throw<CliException>(() => DetachedProcess.Start(
            "/nowhere/program", [], new Dictionary<string, string?>(), _folder.Root, _folder.At("log")));

        error.Message.ShouldContain("/nowhere/program does not start");
    }

    [Fact]
    public void Identify_EndedProcess_IsNull() => ProcessTable.Identify(int.MaxValue).ShouldBeNull();

    [Fact]
    public void Identify_ThisProcess_IsTheSameEachTime()
    {
        var first = ProcessTable.Identify(Environment.ProcessId);

        ProcessTable.IsRunning(first).ShouldBeTrue();
        ProcessTable.IsRunning(first! with { StartTicks = first.StartTicks + 1 }).ShouldBeFalse();
    }

    private async Task<string> RunAsync(string script, Dictionary<string, string?>? variables = null)
    {
        var process = DetachedProcess.Start(
            "/bin/sh", ["-c", script], variables ?? [], _folder.Root, _folder.At("log"));
        var left = await ProcessEnd.SignalUntilGoneAsync(
            () => ProcessTable.IsRunning(process) ? [process.Pid] : [],
            signal: 0,
            Patience,
            TimeProvider.System,
            TestContext.Current.CancellationToken);
        left.ShouldBeEmpty($"'{script}' did not end within {Patience.TotalSeconds} s");
        return await File.ReadAllTextAsync(_folder.At("log"), TestContext.Current.CancellationToken);
    }
}
