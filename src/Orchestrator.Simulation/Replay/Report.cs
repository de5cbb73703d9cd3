using System.Globalization;
using System.Text.Json;
using Orchestrator.Simulation.Coverage;
using Orchestrator.Simulation.Grains;

namespace Orchestrator.Simulation.Replay;

/// <summary>What campaigns came to, for people and for programs.</summary>
internal static class Report
{
    private const int MostShown = 10;

    /// <summary>One command that shows a run again, event by event.</summary>
    public static string ReplayCommand(SeedResult result, int events, PlantedBug bug = PlantedBug.None) =>
        string.Create(CultureInfo.InvariantCulture, $"orchestrator-sim --seed {result.Seed} --events {events}")
        + (bug == PlantedBug.None ? "" : $" --bug {bug}") + " --trace";

    public static IEnumerable<string> Lines(Campaign campaign, int events)
    {
        foreach (var result in campaign.Found.Take(MostShown))
        {
            yield return $"seed {result.Seed}, event {result.Events + result.HealingEvents}: "
                + $"{result.Found!.Checker}: {result.Found.Sentence}";
            yield return $"    replay: {ReplayCommand(result, events)}";
        }

        yield return Summary(campaign);
        foreach (var missing in campaign.Coverage.MissingRows().Concat(
            campaign.Coverage.MissingReasons().Select(code => $"reason: {code}")))
        {
            yield return $"    not reached: {missing}";
        }
    }

    public static string Line(PlantedBug bug, Campaign campaign, int events) => campaign.Found is [var first, ..]
        ? $"{bug}: {first.Found!.Checker} found it after {campaign.Seconds:0.0} s: {first.Found.Sentence}\n"
            + $"    replay: {ReplayCommand(first, events, bug)}"
        : $"{bug}: not found in {campaign.Seeds} seeds";

    public static string Json(Campaign? campaign, IReadOnlyList<(PlantedBug Bug, Campaign Campaign)> bugs) =>
        JsonSerializer.Serialize(new
        {
            seeds = campaign?.Seeds,
            events = campaign?.Events,
            healingEvents = campaign?.HealingEvents,
            faultShare = campaign is null ? (double?)null : Math.Round(campaign.FaultShare, 4),
            seconds = campaign is null ? (double?)null : Math.Round(campaign.Seconds, 2),
            transitionsReached = campaign?.Coverage.RowsTaken,
            transitionsTotal = CoverageMap.RowCount,
            reasonsReached = campaign?.Coverage.ReasonsGiven,
            reasonsTotal = ReasonCodes.All.Count,
            notReached = campaign?.Coverage.MissingRows().Concat(campaign.Coverage.MissingReasons()),
            found = campaign?.Found.Select(result => new
            {
                seed = result.Seed,
                events = result.Events + result.HealingEvents,
                checker = result.Found!.Checker,
                sentence = result.Found.Sentence,
            }),
            bugs = bugs.Select(entry => new
            {
                name = entry.Bug.ToString(),
                seed = First(entry.Campaign)?.Seed,
                events = First(entry.Campaign) is { } first ? first.Events + first.HealingEvents : 0,
                checker = First(entry.Campaign)?.Found?.Checker,
                seconds = Math.Round(entry.Campaign.Seconds, 2),
            }),
        });

    private static SeedResult? First(Campaign campaign) => campaign.Found is [var first, ..] ? first : null;

    private static string Summary(Campaign campaign) => string.Create(
        CultureInfo.InvariantCulture,
        $"{campaign.Seeds} seeds, {campaign.Events} events and {campaign.HealingEvents} more until rest, "
        + $"{campaign.FaultShare:0.0%} faults, {campaign.Coverage.RowsTaken} of {CoverageMap.RowCount} transitions, "
        + $"{campaign.Coverage.ReasonsGiven} of {ReasonCodes.All.Count} reasons, {campaign.Found.Count} seeds found "
        + $"something, {campaign.Seconds:0.0} s");
}
