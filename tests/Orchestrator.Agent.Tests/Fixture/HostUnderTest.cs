using System.Globalization;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>A virtual host: folders, a scripted control plane, and an agent that can be killed and started.</summary>
public sealed class HostUnderTest : IAsyncDisposable
{
    public const string Job = "job-1";
    private readonly List<AgentProcess> _agents = [];
    private int _operations;

    public string Root { get; } = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public string State => Path.Combine(Root, "state");

    public string Memory => Path.Combine(Root, "memory");

    public string Store => Path.Combine(Root, "store");

    public ScriptedGateway Gateway { get; } = new();

    public AgentProcess Agent => _agents[^1];

    public ulong LeaseNumber { get; set; } = 1;

    /// <summary>What its agents may keep of checkpoints in memory.</summary>
    private int CheckpointMemoryMebibytes { get; init; }

    public static async Task<HostUnderTest> StartAsync(int checkpointMemoryMebibytes = 1024)
    {
        var host = new HostUnderTest { CheckpointMemoryMebibytes = checkpointMemoryMebibytes };
        try
        {
            await host.Gateway.StartAsync();
            await host.StartAgentAsync();
            return host;
        }
        catch
        {
            // Nobody else would end the agent that did not attach.
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts an agent and waits for its Hello.</summary>
    public async Task<Hello> StartAgentAsync(string bootId = "")
    {
        var from = Gateway.Received.Count;
        _agents.Add(new AgentProcess([
            "--name", "host1", "--silo", $"http://127.0.0.1:{Gateway.Port}", "--state", State, "--memory", Memory,
            "--address", "127.0.1.1", "--peer-port", "0", "--shard-port", "0", "--virtual-gpus", "2", "--label", "rack=a",
            "--standby-delay-seconds", "0",
            "--checkpoint-memory-mib", CheckpointMemoryMebibytes.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string> { ["ORCHESTRATOR_BOOT_ID"] = bootId }));
        return await HelloAsync(from);
    }

    public Task<Hello> HelloAsync(int from) =>
        Gateway.Received.WaitAsync("the agent's hello", message => message.Hello, from);

    public Task<TNews> NewsAsync<TNews>(string what, Func<AgentEvent, TNews?> select, int from = 0)
        where TNews : class =>
        Gateway.Received.WaitAsync(what, message => message.Event is { } news ? select(news) : null, from);

    public Task<RankExited> ExitedAsync(uint rank = 0, uint attempt = 1) =>
        NewsAsync($"exit of rank {rank} of attempt {attempt}", news =>
            news.RankExited is { } exit && exit.Rank == rank && exit.Attempt == attempt ? exit : null);

    public Task<RankStarted> StartedAsync(uint rank = 0, uint attempt = 1) =>
        NewsAsync($"start of rank {rank} of attempt {attempt}", news =>
            news.RankStarted is { } start && start.Rank == rank && start.Attempt == attempt ? start : null);

    public Task<CommandOutcome> OutcomeAsync(string operationId, int from = 0) =>
        NewsAsync($"outcome of {operationId}", news =>
            news.Outcome?.OperationId == operationId ? news.Outcome : null, from);

    /// <summary>Sends a command under a new operation id, which it returns.</summary>
    public string Order(Command command, uint attempt = 1)
    {
        command.OperationId = string.Create(CultureInfo.InvariantCulture, $"operation-{++_operations}");
        command.JobId = Job;
        command.Attempt = attempt;
        command.LeaseNumber = LeaseNumber;
        Gateway.Send(new GatewayMessage { Command = command });
        return command.OperationId;
    }

    /// <summary>A launch of shell commands, one rank each.</summary>
    public Command Launch(params string[] scripts)
    {
        var launch = new Launch
        {
            WorldSize = (uint)scripts.Length,
            RanksPerNode = (uint)scripts.Length,
            NodeCount = 1,
            MasterAddress = "127.0.1.1",
            MasterPort = 29500,
            WorkingDirectory = Root,
            // Longer than a busy machine takes to start the next agent; tests of leases set their own.
            LeaseMs = 120_000,
            Store = Store,
            Command = { "sh", "-c", """eval "eval \"\$SCRIPT_$RANK\"" """ },
        };
        for (uint rank = 0; rank < scripts.Length; rank++)
        {
            launch.Ranks.Add(new RankSlot { Rank = rank, LocalRank = rank });
            launch.Environment[$"SCRIPT_{rank}"] = scripts[rank];
        }

        return new Command { Launch = launch };
    }

    /// <summary>Waits until a rank's stdout holds a text.</summary>
    public async Task LogHasAsync(string text, uint rank = 0, uint attempt = 1)
    {
        await StartedAsync(rank, attempt);
        var request = new ReadLog
        {
            RequestId = (ulong)++_operations,
            JobId = Job,
            Attempt = attempt,
            Rank = rank,
            Follow = true,
        };
        Gateway.Send(new GatewayMessage { ReadLog = request });
        await Gateway.Received.WaitAsync($"'{text}' in the log of rank {rank}", message =>
            message.Log is { } log && log.RequestId == request.RequestId && log.Data.ToStringUtf8().Contains(text)
                ? log : null);
        Gateway.Send(new GatewayMessage { CancelLog = request.RequestId });
    }

    public void Touch(string name) => File.WriteAllText(Path.Combine(Root, name), "");

    /// <summary>Waits until a file exists.</summary>
    public static async Task FileAsync(string path)
    {
        var appeared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        watcher.Created += (_, _) => appeared.TrySetResult();
        watcher.Renamed += (_, _) => appeared.TrySetResult();
        watcher.EnableRaisingEvents = true;
        if (File.Exists(path))
            return;
        try
        {
            await appeared.Task.WaitAsync(Journal<string>.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"The file {path} did not appear within {Journal<string>.Patience.TotalSeconds} s.");
        }
    }

    /// <summary>Saves a checkpoint of one shard from a running first attempt, and gives its manifest.</summary>
    public async Task<CheckpointManifest> SaveAsync(ulong step, string content)
    {
        Order(Launch("exec sleep 300"));
        await StartedAsync();
        using var training = new TrainingClient(this);
        var opened = await training.BeginAsync(step);
        Directory.CreateDirectory(Path.Combine(opened.Directory, "model"));
        await File.WriteAllTextAsync(Path.Combine(opened.Directory, "model/part.bin"), content);
        await File.WriteAllTextAsync(Path.Combine(opened.Directory, "state.json"), "{}");
        var reply = await training.CommitAsync(step, opened.Directory);
        reply.Refusal.ShouldBeEmpty();
        reply.Stored.ShouldBeTrue();
        var stored = await NewsAsync("shard stored", news => news.ShardStored);
        stored.ShardsExpected.ShouldBe(1u);
        var manifest = new CheckpointManifest { JobId = Job, Step = stored.Step, Attempt = stored.Attempt };
        manifest.Shards.Add(stored.Shard);
        return manifest;
    }

    /// <summary>What the rank wrote to stdout.</summary>
    public string OutputOf(uint rank = 0, uint attempt = 1) =>
        File.ReadAllText(RankFile("stdout.log", rank, attempt));

    public string RankFile(string name, uint rank = 0, uint attempt = 1) =>
        Path.Combine(State, "ranks", Job, $"{attempt}", $"{rank}", name);

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
            agent.Dispose();
        await Gateway.DisposeAsync();
        // Supervisors first: one that saw its rank end would still write into the folder that goes.
        foreach (var file in Directory.GetFiles(Root, "supervisor.pid", SearchOption.AllDirectories))
        {
            var supervisor = int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
            // That of a former standby was started with another folder than the one in which it works.
            if (ProcessTable.HasArgument(supervisor, Path.Combine(State, "supervisor.sh")))
                NativeProcess.SignalGroup(supervisor, NativeProcess.SignalKill);
        }

        foreach (var file in Directory.GetFiles(Root, "rank.pid", SearchOption.AllDirectories))
        {
            if (RankProcess.Parse(await File.ReadAllTextAsync(file)) is { IsAlive: true } process)
                NativeProcess.SignalGroup(process.Pid, NativeProcess.SignalKill);
        }

        Directory.Delete(Root, recursive: true);
    }
}
