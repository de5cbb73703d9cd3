using System.Globalization;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Replay;

namespace Orchestrator.Simulation.Tests.Replay;

/// <summary>Set ORCHESTRATOR_SEEDS for a longer search; the figures are printed as one line of JSON.</summary>
public sealed class CampaignTests(ITestOutputHelper output)
{
    private const int Events = 3000;

    private static readonly int Seeds = int.TryParse(
        Environment.GetEnvironmentVariable("ORCHESTRATOR_SEEDS"), CultureInfo.InvariantCulture, out var asked)
        ? asked
        : 1000;

    [Fact]
    public void Run_ManySeeds_FindsNothingAndReachesEverything()
    {
        var campaign = Campaign.Run(first: 1, Seeds, Events);
        output.WriteLine(Report.Json(campaign, []));

        campaign.Found.ShouldBeEmpty(string.Join('\n', Report.Lines(campaign, Events)));
        campaign.Events.ShouldBe((long)Seeds * Events);
        campaign.FaultShare.ShouldBeGreaterThanOrEqualTo(0.10);
        campaign.Coverage.MissingRows().ShouldBeEmpty("rows of the life cycles that no seed took");
        campaign.Coverage.MissingReasons().ShouldBeEmpty("reasons that no seed was given");
    }

    [Theory]
    [InlineData(nameof(PlantedBug.SkipLeaseNumber), "RisingNumbers")]
    [InlineData(nameof(PlantedBug.ActBeforeWrite), "WriteBeforeAct")]
    [InlineData(nameof(PlantedBug.ForgetPendingCommand), "Convergence")]
    [InlineData(nameof(PlantedBug.DoubleLease), "OneLease")]
    [InlineData(nameof(PlantedBug.ResumeUnverified), "VerifiedResume")]
    [InlineData(nameof(PlantedBug.CountCauseTwice), "OneIncidentPerCause")]
    [InlineData(nameof(PlantedBug.LateLoss), "NewestSession")]
    [InlineData(nameof(PlantedBug.LiftForeignCordon), "OwnCordons")]
    public void Run_PlantedBug_IsFoundByItsChecker(string name, string checker)
    {
        var bug = Enum.Parse<PlantedBug>(name);

        var campaign = Campaign.Run(first: 1, seeds: 400, Events, bug);

        output.WriteLine(Report.Line(bug, campaign, Events));
        campaign.Found.ShouldNotBeEmpty($"{bug} was not found");
        campaign.Found[0].Found!.Checker.ShouldBe(checker, campaign.Found[0].Found!.Sentence);
        SeedRun.Run(campaign.Found[0].Seed, Events).Found.ShouldBeNull("the same seed without the bug is clean");
    }
}
