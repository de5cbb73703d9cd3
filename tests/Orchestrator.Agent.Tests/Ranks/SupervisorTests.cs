using System.Diagnostics;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Ranks;
using Orchestrator.Agent.Tests.Fixture;

namespace Orchestrator.Agent.Tests.Ranks;

public sealed class SupervisorTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Lease_CannotBeRead_TheLastDeadlineHolds()
    {
        // A folder is there and can be opened, and no line can be read from it. The rename leaves no moment without.
        var end = await SuperviseAsync(
            BootClock.Now + TimeSpan.FromHours(1),
            "sleep 2; mkdir folder; ln -s folder next; mv -T next lease; sleep 4; exit 7");

        end.Code.ShouldBe(7);
        end.LeaseExpired.ShouldBeFalse();
    }

    [Fact]
    public async Task Lease_Absent_EndsTheRankAfterTheTolerance()
    {
        var end = await SuperviseAsync(BootClock.Now + TimeSpan.FromHours(1), "rm lease; sleep 300");

        end.Signal.ShouldBe(9);
        end.LeaseExpired.ShouldBeTrue();
    }

    [Fact]
    public async Task Lease_ExpiredAndDiskTakesNoNote_EndsTheRankAllTheSame()
    {
        var end = await SuperviseAsync(BootClock.Now, "mkdir rank/lease_expired; sleep 300");

        end.Signal.ShouldBe(9);
    }

    [Fact]
    public async Task RankProcess_CannotBeNoted_RankIsNotStarted()
    {
        Directory.CreateDirectory(Path.Combine(_root, "rank", "rank.pid"));

        (await SuperviseAsync(BootClock.Now + TimeSpan.FromHours(1), "exit 7")).Code.ShouldBe(126);
    }

    private async Task<RankOutcome> SuperviseAsync(TimeSpan deadline, string script)
    {
        var folder = new RankFolder(Directory.CreateDirectory(Path.Combine(_root, "rank")).FullName);
        var options = new AgentOptions(
            "host1", [new Uri("http://localhost")], _root, _root, "host1", 0, new Dictionary<string, string>());
        var state = new StateFolder(options);
        SupervisorScript.Install(state);
        var lease = Path.Combine(_root, "lease");
        await File.WriteAllTextAsync(lease, BootClock.Format(deadline) + "\n");
        string[] arguments = [state.SupervisorScript, folder.Path, lease, state.Notices, _root, "sh", "-c", script];
        using var supervisor = Process.Start(
            new ProcessStartInfo("/bin/sh", arguments) { RedirectStandardError = true }).ShouldNotBeNull();
        await HostUnderTest.FileAsync(Path.Combine(folder.Path, "exit"));
        await supervisor.WaitForExitAsync();
        return folder.ReadEnd().ShouldNotBeNull();
    }
}
