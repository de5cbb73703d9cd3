using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Nodes;
using Orchestrator.Grains.Gpus;
using Orchestrator.Grains.Nodes;
using Orchestrator.Grains.Tests.Fleet;

namespace Orchestrator.Grains.Tests.Gpus;

public sealed class DeviceFailureTests
{
    [Fact]
    public async Task FatalEvidence_TravelsFromGpuToNodeToJob_NodeReplaced()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 3, spares: 1);
        await fleet.SubmitAsync("job", nodes: 2);
        var running = await fleet.UntilRunningAsync("job", attempt: 1);
        var victim = running.Gang[1].Node;

        var gpu = fleet.Grains.GetGrain<IGpuGrain>($"GPU-{victim}");
        await gpu.Observe(new DeviceEvidence(
            $"GPU-{victim}", victim, "kernel_log", "xid_79", "fallen off the bus", true, DateTimeOffset.UtcNow));

        var recovered = await fleet.UntilRunningAsync("job", attempt: 2);
        recovered.Gang.Select(member => member.Node).ShouldNotContain(victim);
        recovered.Incidents.ShouldHaveSingleItem().Cause.Code.ShouldBe("device_failed");
        var node = await fleet.UntilNodeAsync(victim, NodePhase.Quarantined);
        node.Cordons.ShouldHaveSingleItem().Owner.ShouldBe(Cordon.Ours);
        await fleet.Feed.UntilAsync(() => gpu.Get(), state => state.Pending is null, "the verdict is acknowledged");
    }

    [Fact]
    public async Task EvidenceToldAgain_AfterAnOperatorResumedTheNode_DoesNotQuarantineItAgain()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 1);
        var gpu = fleet.Grains.GetGrain<IGpuGrain>("GPU-host1");
        var node = fleet.Grains.GetGrain<INodeGrain>("host1");
        await gpu.Observe(Evidence("boot-1/7"));
        await fleet.UntilNodeAsync("host1", NodePhase.Quarantined);
        (await node.Resume("operator", "reseated", isForced: false)).Refusal!.Code.ShouldBe("cordoned_by_other");
        (await node.Resume("operator", "reseated", isForced: true)).IsChanged.ShouldBeTrue();

        // The agent attached anew, and tells again what it still finds.
        await gpu.Observe(Evidence("boot-1/7"));
        (await gpu.Get()).VerdictNumber.ShouldBe(1);
        (await node.Get()).Phase.ShouldBe(NodePhase.Warm);

        await gpu.Observe(Evidence("boot-1/8"));
        (await fleet.UntilNodeAsync("host1", NodePhase.Quarantined)).Verdicts["GPU-host1"].ShouldBe(2);
    }

    private static DeviceEvidence Evidence(string occurrence) => new(
        "GPU-host1", "host1", "probe", "xid_79", "fallen off the bus", true, DateTimeOffset.UtcNow, occurrence);
}
