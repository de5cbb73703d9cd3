using Orchestrator.Agent.Ranks;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Standbys;

/// <summary>A host with a job whose Python script asks for standbys.</summary>
internal sealed class StandbyHost : IAsyncDisposable
{
    private const string Framework = "import os, time\nwhile os.path.exists(os.environ['HOLD']): time.sleep(0.02)\n";

    // What a program can see of how it was started, but for what names the attempt.
    private const string Script = """
        import json, os, resource, signal, subprocess, sys, threading, time
        attempt = os.environ['ORCHESTRATOR_ATTEMPT']
        own = ('ORCHESTRATOR_ATTEMPT', 'TORCHELASTIC_RESTART_COUNT', 'TORCHELASTIC_ERROR_FILE')
        seen = {
            'environment': {name: value for name, value in os.environ.items() if name not in own},
            'argv': sys.argv, 'path': sys.path, 'main': __file__, 'folder': os.getcwd(),
            'files': [os.readlink(f'/proc/self/fd/{fd}').rsplit('/', 1)[-1] for fd in (0, 1, 2)],
            'others': [fd for fd in range(3, 20) if os.path.exists(f'/proc/self/fd/{fd}')],
            'nice': os.nice(0), 'leads': os.getpgrp() == os.getsid(0) == os.getpid(),
            'threads': threading.active_count(), 'site': getattr(sys, 'site_was_here', 0),
            'child': subprocess.run([sys.executable, '-c', 'import os, sys; print(sorted(os.environ), sys.path)'],
                                    capture_output=True, text=True).stdout,
        }
        print(json.dumps(seen, sort_keys=True), flush=True)
        if os.environ.get('LEAVE') and os.fork() == 0:
            os.setsid()
            open('left', 'w').write(str(os.getpid()))
            time.sleep(300)
        while not os.path.exists('go-' + attempt): time.sleep(0.02)
        sys.exit(5)
        """;

    private StandbyHost(HostUnderTest host) => Host = host;

    public HostUnderTest Host { get; }

    public string Folder => Path.Combine(Host.State, "standbys", HostUnderTest.Job);

    public string Hold => Path.Combine(Host.Root, "hold");

    public static async Task<StandbyHost> StartAsync()
    {
        var host = new StandbyHost(await HostUnderTest.StartAsync());
        var modules = Directory.CreateDirectory(Path.Combine(host.Host.Root, "modules")).FullName;
        await File.WriteAllTextAsync(Path.Combine(modules, "framework.py"), Framework);
        await File.WriteAllTextAsync(
            Path.Combine(modules, "sitecustomize.py"), "import sys\nsys.site_was_here = getattr(sys, 'site', 0) + 1\n");
        await File.WriteAllTextAsync(Path.Combine(host.Host.Root, "train.py"), Script);
        return host;
    }

    public Command Launch(string import = "framework", uint leaseMs = 10_000)
    {
        var command = Host.Launch("");
        command.Launch.LeaseMs = leaseMs;
        command.Launch.Command.Clear();
        command.Launch.Command.Add(["/usr/bin/python3", "train.py", "one", "two words"]);
        command.Launch.Environment.Clear();
        command.Launch.Environment["PYTHONPATH"] = Path.Combine(Host.Root, "modules");
        command.Launch.Environment["HOLD"] = Hold;
        command.Launch.StandbyImports.Add(import);
        return command;
    }

    /// <summary>Launches an attempt and reports its first step, upon which the agent starts a standby.</summary>
    public async Task TrainAsync(Command launch, uint attempt = 1)
    {
        Host.Order(launch, attempt);
        await Host.LogHasAsync("argv", attempt: attempt);
        using var training = new TrainingClient(Host);
        await training.ReportAsync(1, 1, 0, attempt: attempt);
    }

    /// <summary>Waits until the log of an agent that was started after <paramref name="from"/> lines says so.</summary>
    public Task SaysAsync(string words, int from = 0) => Host.Agent.Output.WaitAsync(
        $"'{words}' in the agent's log", line => line.Contains(words) ? line : null, from);

    /// <summary>The folder of the only standby.</summary>
    public RankFolder Standby() => new(Directory.GetDirectories(Folder).ShouldHaveSingleItem());

    public async Task<RankProcess> ReadyAsync(int from = 0)
    {
        await SaysAsync("is ready", from);
        return Standby().ReadProcess().ShouldNotBeNull();
    }

    public async Task StopAsync(uint attempt)
    {
        Host.Order(new Command { Stop = new Stop() }, attempt);
        await Host.NewsAsync($"end of attempt {attempt}", news =>
            news.GangStopped?.Attempt == attempt ? news.GangStopped : null);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
