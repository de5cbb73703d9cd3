using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Agent.Training;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Commands;

public sealed class PrepareTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
    private readonly TaskCompletionSource _searched = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Prepare_NoPortFree_WaitsForOne()
    {
        using var taken = new TcpListener(IPAddress.IPv6Any, 0);
        taken.Server.DualMode = true;
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var preparing = PrepareAsync(new Prepare(), port);
        await _searched.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        preparing.IsCompleted.ShouldBeFalse();
        taken.Stop();

        (await preparing).Port.ShouldBe((uint)port);
    }

    [Fact]
    public async Task Prepare_CheckpointUnreadable_SaysSoAfterAFewReads()
    {
        var begun = TimeProvider.System.GetTimestamp();

        var prepared = await PrepareAsync(new Prepare { Store = _root, Resume = Unreadable() }, 25_001);

        prepared.CheckpointValid.ShouldBeFalse();
        prepared.CheckpointFault.Code.ShouldBe("shard_unreadable");
        // Four waits of 0.1, 0.2, 0.4 and 0.8 s.
        TimeProvider.System.GetElapsedTime(begun).ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
    }

    private CheckpointManifest Unreadable()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "job-1", "shard"));
        BrokenFile.Unreadable(Path.Combine(folder.FullName, "part.bin"));
        var shard = new Shard { Path = "shard" };
        var size = (ulong)new FileInfo(Path.Combine(folder.FullName, "part.bin")).Length;
        shard.Files.Add(new ShardFile { Name = "part.bin", SizeBytes = size, Sha256 = new string('0', 64) });
        return new CheckpointManifest { JobId = "job-1", Step = 1, Attempt = 1, Shards = { shard } };
    }

    private async Task<Prepared> PrepareAsync(Prepare prepare, int port)
    {
        var options = new AgentOptions(
            "host1", [new Uri("http://localhost")], _root, _root, "host1", 0, new Dictionary<string, string>());
        var handler = new PrepareHandler(
            new JobTable(new StateFolder(options)), new FreePort(new OnePort(port, _searched)),
            new CheckpointReader(TimeProvider.System, NullLogger<CheckpointReader>.Instance), TimeProvider.System,
            NullLogger<PrepareHandler>.Instance);
        var command = new Command { OperationId = "op", JobId = "job-1", Attempt = 1, Prepare = prepare };
        var start = await handler.StartAsync(command, CancellationToken.None);
        var events = await start.Finish.ShouldNotBeNull()(CancellationToken.None).WaitAsync(Patience);
        return events.ShouldHaveSingleItem().Prepared;
    }

    // Tries one port only, and tells when a whole search has tried it.
    private sealed class OnePort(int port, TaskCompletionSource searched) : Random
    {
        private const int OfOneSearch = 200;
        private int _tries;

        public override int Next(int minValue, int maxValue)
        {
            if (++_tries > OfOneSearch)
                searched.TrySetResult();
            return port;
        }
    }
}
