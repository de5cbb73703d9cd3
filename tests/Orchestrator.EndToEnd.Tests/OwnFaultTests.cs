using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

public sealed class OwnFaultTests
{
    private const int StopAfterNoProgress = 2;

    [TorchFact]
    public async Task JobThatRaisesAtTheSameStep_IsStoppedWithItsTracebackAndNoNodeIsCordoned()
    {
        await using var cluster = await TrainingCluster.StartAsync(hosts: 2, warm: 0);
        var job = await cluster.SubmitFailingAsync("own-fault", StopAfterNoProgress, stepSeconds: 0.01);

        var ended = await job.EndAsync();

        ended.GetProperty("phase").GetString().ShouldBe("JOB_PHASE_FAILED", ended.ToString());
        ended.GetProperty("reason").GetProperty("code").GetString().ShouldBe("own_fault");
        ended.GetProperty("attempt").GetInt32().ShouldBe(1 + StopAfterNoProgress, "the first one reached new steps");
        var words = ended.GetProperty("failureText").GetString()!;
        words.ShouldContain("Traceback (most recent call last)");
        words.ShouldContain("fails_at_step_50.py");
        words.ShouldContain("ValueError: the data of step 50 are broken");
        await NoNodeIsCordonedAsync(cluster);
    }

    [TorchFact]
    public async Task SameJobLosingAHostInEachAttempt_IsNotStopped()
    {
        await using var cluster = await TrainingCluster.StartAsync(hosts: 3, warm: 1);
        // Slow enough that the host is gone long before step 50.
        const int stopAfterNoProgress = 1;
        var job = await cluster.SubmitFailingAsync("lost-hosts", stopAfterNoProgress, stepSeconds: 0.5);

        for (var attempt = 1; attempt <= stopAfterNoProgress + 2; attempt++)
        {
            await job.ReachAsync(attempt, 2);
            var host = await job.HostOfAsync(nodeRank: 1);
            await cluster.OrchAsync("dev", "kill-host", host);
            await job.ReachAsync(attempt + 1, 1);
            (await job.ShowAsync()).GetProperty("attempt").GetInt32().ShouldBe(attempt + 1);
            await cluster.OrchAsync("dev", "start-host", host);
        }

        (await job.IncidentsAsync()).Select(incident => incident.GetProperty("cause").GetProperty("code").GetString())
            .ShouldBe(Enumerable.Repeat("host_lost", stopAfterNoProgress + 2));
        await NoNodeIsCordonedAsync(cluster);
    }

    private static async Task NoNodeIsCordonedAsync(TrainingCluster cluster)
    {
        var nodes = JsonDocument.Parse(await cluster.OrchAsync("nodes", "-o", "json")).RootElement;
        nodes.GetArrayLength().ShouldBeGreaterThan(1);
        nodes.EnumerateArray().ShouldAllBe(node => CordonsOf(node) == 0);
    }

    private static int CordonsOf(JsonElement node) =>
        node.TryGetProperty("cordons", out var cordons) ? cordons.GetArrayLength() : 0;
}
