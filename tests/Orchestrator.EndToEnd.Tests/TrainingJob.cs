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
    public Task ReachAsync(long step) => UntilAsync($"step {step}", steps => steps.LastOrDefault().Step >= step);

    /// <summary>Waits until the trainer has logged this step in this attempt.</summary>
    public Task ReachAsync(int attempt, long step) => UntilAsync(
        $"step {step} of attempt {attempt}", steps => steps.Any(one => one.Attempt == attempt && one.Step >= step));

    public Task ReachAfterAsync(int more) => ReachAsync(ReadSteps().Last().Step + more);

    /// <summary>The job as the control plane shows it.</summary>
    public async Task<JsonElement> ShowAsync() =>
        JsonDocument.Parse(await cluster.OrchAsync("job", id, "-o", "json")).RootElement;

    /// <summary>The host of a position in the gang.</summary>
    public async Task<string> HostOfAsync(int nodeRank) => (await ShowAsync()).GetProperty("nodes").EnumerateArray()
        .Single(node => (node.TryGetProperty("nodeRank", out var rank) ? rank.GetInt32() : 0) == nodeRank)
        .GetProperty("node").GetString()!;

    /// <summary>Its incidents, the newest first.</summary>
    public async Task<JsonElement[]> IncidentsAsync() =>
        [.. JsonDocument.Parse(await cluster.OrchAsync("incidents", "--job", id, "-o", "json")).RootElement
            .EnumerateArray()];

    private async Task UntilAsync(string what, Func<(int Attempt, long Step)[], bool> isReached)
    {
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(stepLog)!) { EnableRaisingEvents = true };
        using var changed = new SemaphoreSlim(0);
        void Wake(object sender, FileSystemEventArgs change) => changed.Release();
        watcher.Created += Wake;
        watcher.Changed += Wake;
        using var deadline = new CancellationTokenSource(StepTime);
        while (!isReached(ReadSteps()))
        {
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{id} did not reach {what}; it is at {ReadSteps().LastOrDefault()}.");
            }
        }
    }

    /// <summary>Waits for the job's end and gives its last state.</summary>
    public async Task<JsonElement> EndAsync()
    {
        await ProgramRun.OfAsync(
            Checkout.Orch, TimeSpan.FromMinutes(3), "job", id, "--watch", "-o", "json", "--data", cluster.Folder);
        return await ShowAsync();
    }
}
