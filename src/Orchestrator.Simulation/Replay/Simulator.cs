using Orchestrator.Simulation.Grains;

namespace Orchestrator.Simulation.Replay;

/// <summary>Does what the command line asks for.</summary>
internal static class Simulator
{
    public static int Run(CommandLine options, TextWriter output)
    {
        if (options.IsTraced)
        {
            return Trace(options, output);
        }

        var bugs = options.Bugs.Select(bug => (bug, Campaign.Run(options.Seed, options.Seeds, options.Events, bug)))
            .ToArray();
        var campaign = bugs.Length > 0 && !options.IsJson
            ? null
            : Campaign.Run(options.Seed, options.Seeds, options.Events);
        if (options.IsJson)
        {
            output.WriteLine(Report.Json(campaign, bugs));
        }
        else
        {
            Array.ForEach(bugs, entry => output.WriteLine(Report.Line(entry.bug, entry.Item2, options.Events)));
            output.Write(campaign is null ? "" : string.Concat(Report.Lines(campaign, options.Events)
                .Select(line => line + Environment.NewLine)));
        }

        var isAsExpected = bugs.All(entry => entry.Item2.Found.Count > 0) && campaign is null or { Found.Count: 0 };
        return isAsExpected ? 0 : 1;
    }

    private static int Trace(CommandLine options, TextWriter output)
    {
        var bug = options.Bugs is [var planted] ? planted : PlantedBug.None;
        var result = SeedRun.Run(options.Seed, options.Events, bug, output.WriteLine);
        output.WriteLine(result.Found is { } found
            ? $"{found.Checker}: {found.Sentence}"
            : $"nothing found in {result.Events} events and {result.HealingEvents} until rest");
        return (result.Found is null) == (bug == PlantedBug.None) ? 0 : 1;
    }
}
