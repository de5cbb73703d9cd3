using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Training;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Tests.World;

/// <summary>A world without chance faults: one job of three nodes on eight hosts, and what a test does.</summary>
internal sealed class Scenario
{
    public const string Job = "job-0";

    private const int MostEvents = 100_000;

    public Scenario(long goal)
    {
        foreach (var host in World.Hosts)
        {
            host.ContactChanged();
        }

        Live(TimeSpan.FromSeconds(10));
        World.Profiles[Job] = new JobProfile { StepTime = TimeSpan.FromSeconds(1), Goal = goal, SaveEvery = 5 };
        World.Job(Job).Call(job => job.Submit(new JobSpec
        {
            Name = "job",
            Nodes = 3,
            Command = ["train"],
            WorkingDirectory = "/srv/job",
            CheckpointStore = "/srv/checkpoints",
        })).ShouldBeNull();
    }

    public VirtualWorld World { get; } = new(1, PlantedBug.None, hosts: 8);

    public JobState State => World.Jobs.Find(Job).ShouldNotBeNull();

    /// <summary>Lets so many events happen.</summary>
    public Scenario Happen(int events)
    {
        for (var happened = 0; happened < events; happened++)
        {
            World.Agenda.TryNext(out var happening).ShouldBeTrue();
            happening.Act();
            World.Watch.EventEnded();
        }

        return this;
    }

    /// <summary>Lets time pass.</summary>
    public Scenario Live(TimeSpan time) => LiveUntil(() => false, time);

    /// <summary>Lets time pass until something holds, or the time is over.</summary>
    public Scenario LiveUntil(Func<bool> holds, TimeSpan atMost)
    {
        var end = World.Clock.Passed + atMost;
        for (var happened = 0; !holds() && World.Agenda.NextAt is { } next && next <= end; happened++)
        {
            happened.ShouldBeLessThan(MostEvents, "events without time passing");
            Happen(1);
        }

        World.Watch.First.ShouldBeNull();
        return this;
    }
}
