using System.Diagnostics;
using Orchestrator.Simulation.Coverage;
using Orchestrator.Simulation.Grains;

namespace Orchestrator.Simulation.Replay;

/// <summary>Many seeds on all cores.</summary>
internal sealed record Campaign
{
    public required int Seeds { get; init; }

    public required long Events { get; init; }

    public required long HealingEvents { get; init; }

    public required long Faults { get; init; }

    public required double Seconds { get; init; }

    public required CoverageMap Coverage { get; init; }

    /// <summary>Seeds that found something, lowest first.</summary>
    public required IReadOnlyList<SeedResult> Found { get; init; }

    /// <summary>Faults among the events.</summary>
    public double FaultShare => Events == 0 ? 0 : (double)Faults / Events;

    /// <summary>Runs so many seeds.</summary>
    /// <param name="first">The first seed; the others follow it.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="events">Events of each before it heals.</param>
    /// <param name="bug">A mistake of the shells; the campaign ends with the first seed that finds it.</param>
    public static Campaign Run(ulong first, int seeds, int events, PlantedBug bug = PlantedBug.None)
    {
        var watch = Stopwatch.StartNew();
        var gate = new Lock();
        var coverage = new CoverageMap();
        var results = new List<SeedResult>();
        Parallel.For(0L, seeds, (index, loop) =>
        {
            var result = SeedRun.Run(first + (ulong)index, events, bug);
            lock (gate)
            {
                coverage.Add(result.Coverage);
                results.Add(result);
            }

            if (bug != PlantedBug.None && result.Found is not null)
            {
                loop.Break();
            }
        });
        return new Campaign
        {
            Seeds = results.Count,
            Events = results.Sum(result => (long)result.Events),
            HealingEvents = results.Sum(result => (long)result.HealingEvents),
            Faults = results.Sum(result => (long)result.Faults),
            Seconds = watch.Elapsed.TotalSeconds,
            Coverage = coverage,
            Found = [.. results.Where(result => result.Found is not null).OrderBy(result => result.Seed)],
        };
    }
}
