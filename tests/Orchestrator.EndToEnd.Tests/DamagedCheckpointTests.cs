using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

public sealed class DamagedCheckpointTests
{
    private const int Steps = 60;
    private const int CheckpointEvery = 10;

    [TorchFact]
    public async Task NewestCheckpointDamagedAndAHostKilled_ResumesFromTheOneBeforeAndSaysWhy()
    {
        await using var cluster = await TrainingCluster.StartAsync(hosts: 3, warm: 1);
        var job = await cluster.SubmitAsync("damaged", nodes: 2, Steps);
        await job.ReachAsync(23);
        var host = await job.HostOfAsync(nodeRank: 1);
        // While one host stands still so does the training, and no newer checkpoint comes.
        await cluster.OrchAsync("dev", "freeze-host", host);
        var (step, file) = Newest(cluster, job, await job.ShowAsync());
        Flip(file);

        await cluster.OrchAsync("dev", "kill-host", host);
        var ended = await job.EndAsync();

        ended.GetProperty("phase").GetString().ShouldBe("JOB_PHASE_SUCCEEDED", ended.ToString());
        job.ReadSteps().First(one => one.Attempt == 2).Step.ShouldBe(step - CheckpointEvery + 1);
        var incident = (await job.IncidentsAsync()).ShouldHaveSingleItem();
        var refusal = incident.GetProperty("timeline").EnumerateArray()
            .Where(entry => entry.GetProperty("event").GetString() == "checkpoint_refused").ShouldHaveSingleItem()
            .GetProperty("detail").GetString()!;
        refusal.ShouldStartWith($"step {step} of attempt 1: ");
        refusal.ShouldContain(file);
        refusal.ShouldContain("XXH128");
    }

    private static (long Step, string File) Newest(TrainingCluster cluster, TrainingJob job, JsonElement shown)
    {
        var newest = shown.GetProperty("checkpoints")[0];
        var shard = newest.GetProperty("shards")[0];
        var file = Path.Combine(
            cluster.Folder, "checkpoints", job.Id, shard.GetProperty("path").GetString()!,
            shard.GetProperty("files")[0].GetProperty("name").GetString()!);
        return (long.Parse(newest.GetProperty("step").GetString()!, null), file);
    }

    private static void Flip(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = stream.Length / 2;
        var old = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(old ^ 1));
    }
}
