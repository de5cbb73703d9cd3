using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Ranks;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Logs;

public sealed class LogReaderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Dispose_ReadFailedWhileTheQueueIsFull_EndsWithTheStream()
    {
        var state = new StateFolder(new AgentOptions(
            "host1", [new Uri("http://localhost")], _root, _root, "host1", 0, new Dictionary<string, string>()));
        var folder = RankFolder.Of(state, new RankKey("job-1", 1, 0));
        Directory.CreateDirectory(folder.Path);
        BrokenFile.Unreadable(folder.StandardOutput);
        var queue = new LogQueue(new AsyncSignal());
        for (var chunk = 0; chunk < AgentLimits.QueuedLogChunks; chunk++)
            await queue.WriteAsync(new LogChunk(), CancellationToken.None);
        using var stream = new CancellationTokenSource();
        var readers = new LogReaders(new LogSource(state, new RankTable(), TimeProvider.System), queue, stream.Token);

        readers.Start(new ReadLog { RequestId = 1, JobId = "job-1", Attempt = 1 });
        await stream.CancelAsync();

        await readers.DisposeAsync().AsTask()
            .WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
    }
}
