using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>A development cluster of real processes in a folder of its own.</summary>
internal sealed class TrainingCluster : IAsyncDisposable
{
    private static readonly TimeSpan CommandTime = TimeSpan.FromSeconds(90);

    private TrainingCluster(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<TrainingCluster> StartAsync(int hosts, int warm)
    {
        var cluster = new TrainingCluster(Directory.CreateTempSubdirectory("orchestrator-e2e-").FullName);
        await cluster.OrchAsync("dev", "up", "--hosts", $"{hosts}", "--warm", $"{warm}", "--port", "0");
        return cluster;
    }

    /// <summary>Runs a command of `orch`, which must succeed.</summary>
    public async Task<string> OrchAsync(params string[] arguments)
    {
        var run = await ProgramRun.OfAsync(Checkout.Orch, CommandTime, [.. arguments, "--data", Folder]);
        run.ExitCode.ShouldBe(0, $"orch {string.Join(' ', arguments)}\n{run.Output}\n{run.Error}");
        return run.Output;
    }

    /// <summary>Submits the sample training job.</summary>
    public Task<TrainingJob> SubmitAsync(string name, int nodes, int steps) => SubmitAsync(name, results => $$"""
        name: {{name}}
        nodes: {{nodes}}
        ranksPerNode: 1
        command: [/usr/bin/python3, train.py]
        workingDirectory: {{Checkout.Samples}}/tiny-transformer
        environment:
          {PYTHONPATH: ../../python, OUT: "{{results}}", STEPS: "{{steps}}", SEED: "1", CHECKPOINT_EVERY: "10"}
        checkpoint: {store: "{{Folder}}/checkpoints", keep: 3}
        """);

    /// <summary>Submits two ranks that step together and both raise an error at step 50.</summary>
    public Task<TrainingJob> SubmitFailingAsync(
        string name, int stopAfterNoProgress, double stepSeconds) => SubmitAsync(name, results => $$"""
        name: {{name}}
        nodes: 2
        command: [/usr/bin/python3, fails_at_step_50.py]
        workingDirectory: {{Checkout.Root}}/tests/Orchestrator.EndToEnd.Tests/Jobs
        environment: {PYTHONPATH: "{{Checkout.Root}}/src/python", OUT: "{{results}}", STEP_SECONDS: "{{stepSeconds}}"}
        recovery: {stopAfterNoProgress: {{stopAfterNoProgress}}}
        """);

    private async Task<TrainingJob> SubmitAsync(string name, Func<string, string> jobFile)
    {
        var results = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        var file = Path.Combine(Folder, $"{name}.yaml");
        await File.WriteAllTextAsync(file, jobFile(results));
        var reply = JsonDocument.Parse(await OrchAsync("submit", file, "-o", "json"));
        var id = reply.RootElement.GetProperty("jobId").GetString()!;
        return new TrainingJob(this, id, Path.Combine(results, "steps.jsonl"));
    }

    public async ValueTask DisposeAsync()
    {
        await OrchAsync("dev", "down");
        Directory.Delete(Folder, recursive: true);
    }
}
