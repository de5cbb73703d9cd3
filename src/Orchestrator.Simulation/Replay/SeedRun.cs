using System.Globalization;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Workload;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Replay;

/// <summary>One seed: work and faults for so many events, then healing, until the world is at rest.</summary>
internal sealed class SeedRun
{
    /// <summary>Longer than every deadline that may have to pass, for all jobs that wait for each other.</summary>
    private static readonly TimeSpan LongestHealing = TimeSpan.FromHours(8);

    /// <summary>Many more than the longest healing that was ever seen; a loop without time passing ends here.</summary>
    private const int MostHealingEvents = 40_000;

    private readonly ulong _seed;
    private readonly int _events;
    private readonly Action<string>? _trace;
    private readonly VirtualWorld _world;
    private readonly FaultInjector _faults;
    private int _happened;
    private ulong _digest = 14695981039346656037;

    private SeedRun(ulong seed, int events, PlantedBug bug, Action<string>? trace)
    {
        (_seed, _events, _trace) = (seed, events, trace);
        _world = new VirtualWorld(seed, bug, trace is null ? null : Indent);
        var plan = FaultPlan.Draw(_world.Chance);
        trace?.Invoke($"{plan.Theme}, {_world.Hosts.Count} hosts, {_world.Limits}");
        _faults = new FaultInjector(_world, plan);
        new Workloads(_world, plan).Begin();
    }

    /// <summary>Runs a seed to its end.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="events">Events before everything heals.</param>
    /// <param name="bug">A mistake of the shells, for the checkers to find.</param>
    /// <param name="trace">Takes a line for each event and change; null for none.</param>
    public static SeedResult Run(
        ulong seed, int events, PlantedBug bug = PlantedBug.None, Action<string>? trace = null) =>
        new SeedRun(seed, events, bug, trace).Run();

    private SeedResult Run()
    {
        while (_happened < _events && _world.Watch.First is null && TryStep(out var happening))
        {
            if (!happening.IsFault)
            {
                _faults.AfterEvent();
            }
        }

        var events = _happened;
        var faults = _world.Armed.Struck;
        if (_world.Watch.First is null)
        {
            Heal();
        }

        return new SeedResult(
            _seed, events, _happened - events, faults, _digest, _world.Coverage, _world.Watch.First);
    }

    private void Indent(string line) => _trace!($"          {line}");

    private void Heal()
    {
        _trace?.Invoke("everything heals");
        _world.Heal();
        var end = _world.Clock.Passed + LongestHealing;
        while (_world.Watch.First is null && !Convergence.IsAtRest(_world)
            && _world.Clock.Passed < end && _happened < _events + MostHealingEvents && TryStep(out _))
        {
        }

        if (_world.Watch.First is null)
        {
            _world.Watch.Settled();
        }
    }

    private bool TryStep(out Happening happening)
    {
        if (!_world.Agenda.TryNext(out happening))
        {
            return false;
        }

        _happened++;
        Digest(happening);
        _trace?.Invoke(string.Create(
            CultureInfo.InvariantCulture,
            $"{_happened,6} {_world.Clock.Passed:d\\.hh\\:mm\\:ss\\.fff} {happening.What} {happening.Whom}"));
        try
        {
            happening.Act();
        }
        catch (Exception broken)
        {
            // Whatever the rules throw is a finding with a seed, never the end of a campaign.
            _trace?.Invoke(broken.ToString());
            _world.Watch.Report(new Violation("Invariant", $"{broken.GetType().Name}: {broken.Message}"));
        }

        _world.Watch.EventEnded();
        return true;
    }

    private void Digest(Happening happening)
    {
        Mix((ulong)_world.Clock.Passed.Ticks);
        foreach (var letter in happening.What)
        {
            Mix(letter);
        }

        Mix((ulong)happening.Whom.Length);
    }

    private void Mix(ulong value) => _digest = (_digest ^ value) * 1099511628211;
}
