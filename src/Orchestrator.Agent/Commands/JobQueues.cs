namespace Orchestrator.Agent.Commands;

/// <summary>Runs the work of one job in order, and that of different jobs side by side.</summary>
internal sealed class JobQueues(IHostApplicationLifetime lifetime, ILogger<JobQueues> log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _tails = [];

    public void Add(string jobId, Func<Task> work)
    {
        lock (_gate)
        {
            var tail = RunAfterAsync(_tails.GetValueOrDefault(jobId, Task.CompletedTask), work);
            _tails[jobId] = tail;
            foreach (var (done, _) in _tails.Where(pair => pair.Value.IsCompleted).ToArray())
                _tails.Remove(done);
        }
    }

    /// <summary>Work that nothing waits for; a fault in it is a bug that must not stay silent.</summary>
    public void Watch(Task work) => _ = WatchAsync(work);

    private async Task RunAfterAsync(Task before, Func<Task> work)
    {
        await before;
        await WatchAsync(Task.Run(work));
    }

    private async Task WatchAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The agent goes; the control plane repeats what has not been answered.
        }
        catch (Exception exception)
        {
            // A state that nobody thought of. The ranks live on, and the next agent reads the truth from the disk.
            log.LogCritical(exception, "A command failed in a way that has no handling; the agent ends");
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }
}
