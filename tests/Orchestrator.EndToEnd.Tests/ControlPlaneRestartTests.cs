using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

public sealed class ControlPlaneRestartTests
{
    [TorchFact]
    public async Task SiloAndThenAnAgentKilled_MidTraining_NothingStopsAndNothingRestarts()
    {
        await using var cluster = await TrainingCluster.StartAsync(hosts: 2, warm: 0);
        var job = await cluster.SubmitAsync("outlives", nodes: 2, steps: 150);
        await job.ReachAsync(12);

        await cluster.OrchAsync("dev", "kill-silo");
        await job.ReachAfterAsync(10);
        await cluster.OrchAsync("dev", "start-silo");
        await job.ReachAfterAsync(10);

        await cluster.OrchAsync("dev", "kill-agent", "host2");
        await job.ReachAfterAsync(5);
        await cluster.OrchAsync("dev", "start-agent", "host2");

        var ended = await job.EndAsync();
        ended.GetProperty("phase").GetString().ShouldBe("JOB_PHASE_SUCCEEDED", ended.ToString());
        ended.GetProperty("attempt").GetInt32().ShouldBe(1);
        job.ReadSteps().ShouldBe(Enumerable.Range(1, 150).Select(step => (1, (long)step)));
        JsonDocument.Parse(await cluster.OrchAsync("incidents", "-o", "json")).RootElement.GetArrayLength().ShouldBe(0);
        ended.GetProperty("checkpoints")[0].GetProperty("step").GetString().ShouldBe("150");
    }
}
