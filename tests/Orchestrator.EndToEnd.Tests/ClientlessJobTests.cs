using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>A job whose script knows nothing of Orchestrator: its steps are found in its log.</summary>
public sealed class ClientlessJobTests
{
    private const string Script =
        "last=40; [ $ORCHESTRATOR_ATTEMPT = 1 ] && last=100000; n=0; while [ $n -lt $last ]; do "
        + "n=$((n+1)); echo step $n; [ $RANK != 0 ] || "
        + "echo '{\"attempt\": '$ORCHESTRATOR_ATTEMPT', \"step\": '$n'}' >> steps.jsonl; sleep 0.1; done";

    [Fact]
    public async Task HostKilled_IncidentIsResolvedByTheFirstStepInTheLog()
    {
        await using var cluster = await TrainingCluster.StartAsync(hosts: 3, warm: 1);
        var file = Path.Combine(cluster.Folder, "clientless.yaml");
        await File.WriteAllTextAsync(file, $$"""
            name: clientless
            nodes: 2
            command: {{JsonSerializer.Serialize(Script)}}
            workingDirectory: {{cluster.Folder}}
            synchronous: false
            recovery: {lease: 3s}
            progress: {from: log, pattern: "step (?<step>[0-9]+)"}
            """);
        var reply = JsonDocument.Parse(await cluster.OrchAsync("submit", file, "-o", "json"));
        var id = reply.RootElement.GetProperty("jobId").GetString()!;
        var job = new TrainingJob(cluster, id, Path.Combine(cluster.Folder, "steps.jsonl"));
        await job.ReachAsync(20);
        var state = JsonDocument.Parse(await cluster.OrchAsync("job", id, "-o", "json")).RootElement;

        await cluster.OrchAsync("dev", "kill-host", state.GetProperty("nodes")[1].GetProperty("node").GetString()!);

        var ended = await job.EndAsync();
        ended.GetProperty("phase").GetString().ShouldBe("JOB_PHASE_SUCCEEDED", ended.ToString());
        ended.GetProperty("step").GetString().ShouldBe("40");
        var incident = JsonDocument.Parse(await cluster.OrchAsync("incidents", "-o", "json")).RootElement[0];
        incident.GetProperty("phase").GetString().ShouldBe("INCIDENT_PHASE_RESOLVED", incident.ToString());
        incident.GetProperty("timeline").EnumerateArray()
            .Single(entry => entry.GetProperty("event").GetString() == "first_new_step")
            .GetProperty("detail").GetString().ShouldNotBeNull().ShouldStartWith("step ");
    }
}
