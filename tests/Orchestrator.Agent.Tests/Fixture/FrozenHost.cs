using System.Globalization;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>The processes of a host, stopped as by a hypervisor that freezes the machine.</summary>
internal sealed class FrozenHost : IDisposable
{
    private const int SignalStop = 19;
    private const int SignalContinue = 18;
    private readonly HostUnderTest _host;
    private readonly List<int> _groups = [];

    private FrozenHost(HostUnderTest host) => _host = host;

    /// <summary>Stops the agent and then the groups of all supervisors and ranks.</summary>
    public static FrozenHost Stop(HostUnderTest host, uint ranks)
    {
        var frozen = new FrozenHost(host);
        for (uint rank = 0; rank < ranks; rank++)
        {
            frozen._groups.Add(NumberIn(host.RankFile("supervisor.pid", rank)));
            frozen._groups.Add(NumberIn(host.RankFile("rank.pid", rank)));
        }

        host.Agent.Suspend();
        frozen._groups.ForEach(group => NativeProcess.SignalGroup(group, SignalStop));
        return frozen;
    }

    /// <summary>Waits until the boot clock, by which leases are counted, has gone on.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var until = BootClock.Now + time;
        while (BootClock.Now < until)
            await timer.WaitForNextTickAsync();
    }

    public void ContinueAgent() => _host.Agent.Resume();

    public void Continue()
    {
        // Ranks first, which is the worst order: they have work to do before anybody can end them.
        for (var index = _groups.Count - 1; index >= 0; index--)
            NativeProcess.SignalGroup(_groups[index], SignalContinue);
        if (_host.Agent.IsRunning)
            ContinueAgent();
    }

    public void Dispose() => Continue();

    private static int NumberIn(string file) =>
        int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);
}
