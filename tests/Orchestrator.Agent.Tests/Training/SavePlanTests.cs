using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Training;

/// <summary>When ranks save is told with each answer to their reports.</summary>
public class SavePlanTests
{
    private static readonly SavePlan First = new() { EverySteps = 120, FromStep = 38 };
    private static readonly SavePlan Second = new() { EverySteps = 900, FromStep = 400, PreviousEverySteps = 120 };

    [Fact]
    public async Task Retain_WithAPlan_IsToldToRanksAndOutlivesTheAgent()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        using var training = new TrainingClient(host);
        (await ReportAsync(training)).SaveEverySteps.ShouldBe(0u);

        await RetainAsync(host, First);
        PlanOf(await ReportAsync(training)).ShouldBe(First);
        await RetainAsync(host, Second);
        PlanOf(await ReportAsync(training)).ShouldBe(Second);
        await RetainAsync(host, null);
        PlanOf(await ReportAsync(training)).ShouldBe(Second, "an order that names no plan takes none back");

        await host.Agent.KillAsync();
        await host.StartAgentAsync();

        PlanOf(await ReportAsync(training)).ShouldBe(Second);
    }

    [Fact]
    public async Task Launch_WithAPlan_IsInTheEnvironmentAndToldToRanks()
    {
        await using var host = await HostUnderTest.StartAsync();
        var launch = host.Launch("echo \"plan $ORCHESTRATOR_SAVE_PLAN\"; exec sleep 300");
        launch.Launch.SavePlan = Second;

        host.Order(launch, attempt: 2);

        await host.LogHasAsync("plan 900,400,120\n", attempt: 2);
        using var training = new TrainingClient(host);
        PlanOf(await ReportAsync(training, attempt: 2)).ShouldBe(Second);
    }

    [Fact]
    public async Task Launch_OfTheNextAttempt_BringsItsPlanAndLateOrdersOfTheOneBeforeDoNot()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        await RetainAsync(host, First);
        var next = host.Launch("exec sleep 300");
        next.Launch.SavePlan = Second;
        host.Order(next, attempt: 2);
        await host.StartedAsync(attempt: 2);

        await RetainAsync(host, First);

        using var training = new TrainingClient(host);
        PlanOf(await ReportAsync(training, attempt: 2)).ShouldBe(Second);
    }

    [Fact]
    public async Task Commit_TellsForHowLongTheSaveHeldTheRankUp()
    {
        await using var host = await HostUnderTest.StartAsync();
        await host.SaveAsync(step: 10, content: "weights");

        (await host.NewsAsync("shard stored", news => news.ShardStored)).SaveMs.ShouldBeInRange(1u, 60_000u);
    }

    private static async Task RetainAsync(HostUnderTest host, SavePlan? plan)
    {
        var operation = host.Order(new Command { Retain = new Retain { Store = host.Store, SavePlan = plan } });
        (await host.OutcomeAsync(operation)).Accepted.ShouldBeTrue();
    }

    private static Task<ReportReply> ReportAsync(TrainingClient training, uint attempt = 1) =>
        training.ReportAsync(step: 1, firstStep: 1, firstStepAgeMs: 0, attempt: attempt);

    private static SavePlan PlanOf(ReportReply reply) => new()
    {
        EverySteps = reply.SaveEverySteps,
        FromStep = reply.SaveFromStep,
        PreviousEverySteps = reply.SavePreviousEverySteps,
    };
}
