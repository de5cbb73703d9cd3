using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Grains.Jobs;
using Orchestrator.Grains.Nodes;
using Orchestrator.Grains.Silo;
using Orchestrator.Storage;
using Orchestrator.Storage.Memory;
using Orleans.TestingHost;

namespace Orchestrator.Grains.Tests.Fleet;

/// <summary>A real silo in this process, with agents that exist only in memory.</summary>
public sealed class TestFleet : IAsyncDisposable
{
    private readonly MemoryRecords _records;
    private readonly InProcessTestCluster _cluster;

    private TestFleet(MemoryRecords records, InProcessTestCluster cluster, TestFeed feed)
    {
        _records = records;
        _cluster = cluster;
        Feed = feed;
    }

    public TestFeed Feed { get; }

    public Dictionary<string, FakeAgent> Agents { get; } = [];

    public IGrainFactory Grains => _cluster.Client;

    public static async Task<TestFleet> StartAsync(int hosts, int spares = 0, MemoryRecords? records = null)
    {
        records ??= new MemoryRecords();
        var feed = new TestFeed();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddOrchestratorMemoryStorage(records);
            silo.Services.AddSingleton<IChangeFeed>(feed);
            silo.Services.AddSingleton<IProgressBoard>(feed);
            silo.Services.AddSingleton<IFleetContact>(feed);
            silo.Services.Configure<FleetOptions>(options => options.Spares = spares);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var fleet = new TestFleet(records, cluster, feed);
        for (var host = 1; host <= hosts; host++)
        {
            fleet.Agents[$"host{host}"] = new FakeAgent(cluster.Client, $"host{host}");
            await fleet.Agents[$"host{host}"].AttachAsync();
        }

        return fleet;
    }

    /// <summary>Another silo over the same stored records, as after the end of this one.</summary>
    public async Task<TestFleet> RestartAsync()
    {
        await DisposeAsync();
        return await StartAsync(hosts: 0, records: _records);
    }

    public IJobGrain Job(string id) => Grains.GetGrain<IJobGrain>(id);

    public async Task SubmitAsync(string id, int nodes = 4)
    {
        (await Job(id).Submit(new JobSpec
        {
            Name = id,
            Nodes = nodes,
            Command = ["train"],
            WorkingDirectory = "/",
            CheckpointStore = "/store",
        })).ShouldBeNull();
    }

    public Task<JobState> UntilJobAsync(string id, Func<JobState, bool> satisfies, string what) =>
        Feed.UntilAsync(() => Job(id).Get(), satisfies, $"{id}: {what}");

    public Task<JobState> UntilRunningAsync(string id, int attempt) =>
        UntilJobAsync(
            id,
            job => job.Phase == JobPhase.Running && job.Attempt == attempt
                && job.Ranks.All(rank => rank.FirstStep is not null) && job.OpenIncident is null,
            $"runs attempt {attempt}");

    public Task<NodeState> UntilNodeAsync(string name, NodePhase phase) => Feed.UntilAsync(
        () => Grains.GetGrain<INodeGrain>(name).Get(), node => node.Phase == phase, $"{name} is {phase}");

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();
}
