using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Grains.Tests.Fleet;

namespace Orchestrator.Grains.Tests.Jobs;

public sealed class BackOffTests
{
    [Fact]
    public async Task PeersLostAgainAndAgain_SiloRestartsInTheWait_GoesOnAfterIt()
    {
        var first = await TestFleet.StartAsync(hosts: 1);
        var waiting = await FailUntilItWaitsAsync(first);
        waiting.Reason.Code.ShouldBe("backing_off");
        waiting.Reason.Sentence.ShouldStartWith("Waits 1 s before attempt 5: 3 attempts in a row made no progress. ");
        var agent = first.Agents["host1"];

        await using var second = await first.RestartAsync();
        second.Agents["host1"] = await agent.MoveToAsync(second.Grains);

        (await second.Job("job").Get()).Spec.ShouldNotBeNull();
        await second.Job("job").Wake();
        (await second.UntilJobAsync(
            "job", job => job.Attempt == 5 && job.Phase == JobPhase.Running, "runs its fifth attempt"))
            .BarrenAttempts.ShouldBe(3);
    }

    [Fact]
    public async Task Cancel_WhileBackingOff_EndsAndFreesItsNode()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 1);
        await FailUntilItWaitsAsync(fleet);

        (await fleet.Job("job").Cancel()).Refusal.ShouldBeNull();

        (await fleet.Job("job").Get()).Phase.ShouldBe(JobPhase.Cancelled);
        await fleet.UntilNodeAsync("host1", NodePhase.Warm);
    }

    /// <summary>The first attempt made a step, which is progress; the next three lose their peers at once.</summary>
    private static async Task<JobState> FailUntilItWaitsAsync(TestFleet fleet)
    {
        await fleet.SubmitAsync("job", nodes: 1);
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            await fleet.UntilRunningAsync("job", attempt);
            await fleet.Agents["host1"].EndRankAsync("job", attempt, 0, Exits.PeerLost);
        }

        return await fleet.UntilJobAsync(
            "job", job => job.Phase == JobPhase.BackingOff, "waits before its fifth attempt");
    }
}
