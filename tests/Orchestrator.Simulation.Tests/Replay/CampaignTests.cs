using System.Globalization;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Replay;

namespace Orchestrator.Simulation.Tests.Replay;

/// <summary>Set ORCHESTRATOR_SEEDS for a longer search; the figures are printed as one line of JSON.</summary>
public sealed class CampaignTests(ITestOutputHelper output)
{
    private const int Events = 3000;

    /// <summary>What one seed in a thousand reaches may be missed by a thousand others: then more are tried.</summary>
    private const int MostRepetitions = 3;

    private static readonly int Seeds = int.TryParse(
        Environment.GetEnvironmentVariable("ORCHESTRATOR_SEEDS"), CultureInfo.InvariantCulture, out var asked)
        ? asked
        : 1000;

    [Fact]
    public void Run_ManySeeds_FindsNothingAndReachesEverything()
    {
        var campaign = Campaign.Run(first: 1, Seeds, Events);
        Check(campaign);
        campaign.Events.ShouldBe((long)Seeds * Events);
        for (var more = 1; more <= MostRepetitions && !IsComplete(campaign); more++)
        {
            var other = Campaign.Run(first: 1 + (ulong)(more * Seeds), Seeds, Events);
            Check(other);
            campaign.Coverage.Add(other.Coverage);
        }

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
    [InlineData(nameof(PlantedBug.IgnoreLeaseEnd), "EndedLeases")]
    [InlineData(nameof(PlantedBug.ActAtOnce), "CountedSilence")]
    [InlineData(nameof(PlantedBug.ActUnheard), "CountedSilence")]
    [InlineData(nameof(PlantedBug.TrustOneAnswer), "EndedLeases")]
    [InlineData(nameof(PlantedBug.VouchBlindly), "LivingVouched")]
    [InlineData(nameof(PlantedBug.RenewFromNow), "EndedLeases")]
    [InlineData(nameof(PlantedBug.ForgetToPost), "WholeLedger")]
    public void Run_PlantedBug_IsFoundByItsChecker(string name, string checker)
    {
        var bug = Enum.Parse<PlantedBug>(name);

        var campaign = Campaign.Run(first: 1, seeds: 400, Events, bug);

        output.WriteLine(Report.Line(bug, campaign, Events));
        campaign.Found.ShouldNotBeEmpty($"{bug} was not found");
        campaign.Found[0].Found!.Checker.ShouldBe(checker, campaign.Found[0].Found!.Sentence);
        SeedRun.Run(campaign.Found[0].Seed, Events).Found.ShouldBeNull("the same seed without the bug is clean");
    }

    private static bool IsComplete(Campaign campaign) =>
        !campaign.Coverage.MissingRows().Any() && !campaign.Coverage.MissingReasons().Any();

    private void Check(Campaign campaign)
    {
        output.WriteLine(Report.Json(campaign, []));
        campaign.Found.ShouldBeEmpty(string.Join('\n', Report.Lines(campaign, Events)));
        campaign.FaultShare.ShouldBeGreaterThanOrEqualTo(0.10);
    }
}
