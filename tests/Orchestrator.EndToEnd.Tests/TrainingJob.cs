using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>A training job, watched from outside: by the log that the trainer itself writes.</summary>
internal sealed class TrainingJob(TrainingCluster cluster, string id, string stepLog)
{
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(120);

    public string Id => id;

    /// <summary>Every logged step as (attempt, step), in the order in which it was written.</summary>
    public (int Attempt, long Step)[] ReadSteps() => !File.Exists(stepLog)
        ? []
        : [
            .. File.ReadAllText(stepLog).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Select(entry => (entry.GetProperty("attempt").GetInt32(), entry.GetProperty("step").GetInt64())),
        ];

    /// <summary>Waits until the trainer has logged this step.</summary>
    public async Task ReachAsync(long step)
    {
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(stepLog)!) { EnableRaisingEvents = true };
        using var changed = new SemaphoreSlim(0);
        void Wake(object sender, FileSystemEventArgs change) => changed.Release();
        watcher.Created += Wake;
        watcher.Changed += Wake;
        using var deadline = new CancellationTokenSource(StepTime);
        while (ReadSteps().LastOrDefault().Step < step)
        {
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{id} did not reach step {step}; it is at {ReadSteps().LastOrDefault()}.");
            }
        }
    }

    public Task ReachAfterAsync(int more) => ReachAsync(ReadSteps().Last().Step + more);

    /// <summary>Waits for the job's end and gives its last state.</summary>
    public async Task<JsonElement> EndAsync()
    {
        await ProgramRun.OfAsync(
            Checkout.Orch, TimeSpan.FromMinutes(3), "job", id, "--watch", "-o", "json", "--data", cluster.Folder);
        return JsonDocument.Parse(await cluster.OrchAsync("job", id, "-o", "json")).RootElement;
    }
}
