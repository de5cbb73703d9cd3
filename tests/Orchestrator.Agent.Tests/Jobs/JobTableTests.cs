using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Tests.Fixture;

namespace Orchestrator.Agent.Tests.Jobs;

public sealed class JobTableTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
    private readonly StateFolder _state;

    public JobTableTests() => _state = new StateFolder(new AgentOptions(
        "host1", [new Uri("http://localhost")], _root, _root, "host1", 0, new Dictionary<string, string>()));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Get_WhileTheDiskIsSlow_DoesNotWaitForIt()
    {
        var jobs = new JobTable(_state);
        jobs.Change("job-1", job => job with { LeaseMilliseconds = 7 });
        BrokenFile.Blocking(RecordOf("job-1") + ".new");
        var deciding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var token = TestContext.Current.CancellationToken;
        var changing = Record.ExceptionAsync(() => Task.Run(
            () => jobs.Change("job-1", job =>
            {
                deciding.SetResult();
                return job with { LeaseMilliseconds = 8 };
            }),
            token));
        await deciding.Task;

        var read = await Task.Run(() => jobs.Get("job-1"), token).WaitAsync(TimeSpan.FromSeconds(15), token);

        read.LeaseMilliseconds.ShouldBe(7u);
        BrokenFile.Drain(RecordOf("job-1") + ".new");
        await changing;
    }

    [Fact]
    public void Change_AfterOneThatWasNotStored_StoresIt()
    {
        var jobs = new JobTable(_state);
        BrokenFile.DiskFull(RecordOf("job-1"));
        Should.Throw<IOException>(() => jobs.Change("job-1", job => job with { StoppedAttempt = 3 }));
        jobs.Get("job-1").StoppedAttempt.ShouldBe(3u);
        File.Delete(RecordOf("job-1") + ".new");

        jobs.Change("job-1", job => job with { StoppedAttempt = 3 });

        new JobTable(_state).Get("job-1").StoppedAttempt.ShouldBe(3u);
    }

    private string RecordOf(string jobId) => Path.Combine(_state.Jobs, jobId + ".json");
}
