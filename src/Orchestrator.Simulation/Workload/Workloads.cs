using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.Training;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Workload;

/// <summary>What people do: they submit and cancel jobs, cordon nodes, repair them, and go home at night.</summary>
internal sealed class Workloads(VirtualWorld world, FaultPlan plan)
{
    private const int MostLiveJobs = 3;
    private readonly Operators _operators = new(world);
    private int _submitted;

    public void Begin()
    {
        foreach (var host in world.Hosts)
        {
            host.ContactChanged();
        }

        if (world.Chance.OneIn(plan.Theme == FaultTheme.LongNights ? 2 : 8))
        {
            // A machine that was announced and is not delivered yet.
            var late = world.Hosts[^1];
            late.PowerOff();
            world.Node(late.Name).Wake();
            world.Agenda.In(world.Chance.Between(60, 20 * 86_400), "delivered", late.Name, late.Boot);
        }

        if (plan.Theme == FaultTheme.LongNights && world.Chance.OneIn(2))
        {
            var host = world.Hosts[0];
            world.Agenda.In(world.Chance.Between(10, 600), "dies", host.Name, () => DieForWeeks(host));
        }

        Plan(TimeSpan.FromSeconds(1));
    }

    private void DieForWeeks(Host host)
    {
        if (world.IsHealed)
        {
            return;
        }

        host.PowerOff();
        world.Agenda.In(world.Chance.Between(4 * 86_400, 25 * 86_400), "replaced", host.Name, host.Boot);
    }

    private void Plan(TimeSpan pause) => world.Agenda.In(pause, "people", "", () =>
    {
        if (world.IsHealed)
        {
            return;
        }

        Act();
        Plan(Pause());
    });

    private TimeSpan Pause()
    {
        var nights = plan.Theme == FaultTheme.LongNights ? 6 : 60;
        return world.Chance.OneIn(nights) ? world.Chance.Between(600, 12 * 86_400) : world.Chance.Between(1, 40);
    }

    private void Act()
    {
        try
        {
            ActOnce();
        }
        catch (Exception error) when (error is CallFailedException or StorageFailedException)
        {
            // People see the error and do something else.
            world.Note(error.Message);
        }
    }

    private void ActOnce()
    {
        switch (world.Chance.Below(22))
        {
            case < 9:
                Submit();
                break;
            case 9 or 10 or 11:
                Cancel();
                break;
            case < 19:
                _operators.Act();
                break;
            case < 21:
                Rewind();
                break;
            default:
                world.Job("job-x").Call(job => job.Submit(Spec(0, TimeSpan.FromSeconds(10))));
                break;
        }
    }

    private void Cancel()
    {
        if (_submitted > 0)
        {
            world.Job(Recent()).Call(job => job.Cancel());
        }
    }

    /// <summary>
    /// Mostly to a checkpoint that there is, in the attempt that runs; sometimes by mistake to no such one.
    /// </summary>
    private void Rewind()
    {
        if (_submitted == 0)
        {
            return;
        }

        var id = Recent();
        var job = world.Jobs.Find(id) ?? new JobState();
        var steps = job.Checkpoints.Committed.Select(manifest => manifest.Step).ToArray();
        var step = steps.Length == 0 || world.Chance.OneIn(8) ? 1_000 : world.Chance.Of(steps);
        var attempt = world.Chance.OneIn(4) ? Math.Max(0, job.Attempt - 1) : job.Attempt;
        world.Job(id).Call(grain => grain.ResumeFrom(new RewindRequest(step) { Attempt = attempt }));
    }

    /// <summary>Mostly a young job; sometimes one that has ended long ago.</summary>
    private string Recent() =>
        $"job-{_submitted - 1 - world.Chance.Below(Math.Min(_submitted, MostLiveJobs))}";

    private void Submit()
    {
        if (world.Jobs.All.Count(job => job.Spec is not null && !job.Phase.IsEnded()) >= MostLiveJobs)
        {
            return;
        }

        var id = $"job-{_submitted++}";
        world.Profiles[id] = Profile();
        var spec = Spec(1 + world.Chance.Below(3), TimeSpan.FromSeconds(world.Chance.OneIn(4) ? 5 : 10));
        world.Job(id).Call(job => job.Submit(spec));
    }

    private JobSpec Spec(int nodes, TimeSpan lease) => new()
    {
        Name = "job",
        Nodes = nodes,
        RanksPerNode = 1 + world.Chance.Below(2),
        Command = ["python3", "train.py"],
        WorkingDirectory = "/srv/job",
        CheckpointStore = "/srv/checkpoints",
        KeepsInMemory = world.Chance.OneIn(3),
        KeepCheckpoints = 2 + world.Chance.Below(2),
        StopAfterNoProgress = 2 + world.Chance.Below(2),
        StopGrace = TimeSpan.FromSeconds(world.Chance.OneIn(2) ? 0 : 8),
        Lease = lease,
    };

    private JobProfile Profile()
    {
        var seconds = world.Chance.Below(8) switch
        {
            < 4 => 1,
            < 6 => 4,
            _ => 30,
        };
        return new JobProfile
        {
            StepTime = TimeSpan.FromSeconds(seconds),
            Goal = 3 + world.Chance.Below(32),
            SaveEvery = world.Chance.OneIn(5) ? 0 : 3 + world.Chance.Below(5),
            CrashingAttempts = world.Chance.OneIn(6) ? 1 + world.Chance.Below(6) : 0,
            CrashAfterSteps = 1 + world.Chance.Below(4),
            ReportsProgress = !world.Chance.OneIn(4),
            BrokenAttempts = world.Chance.OneIn(8) ? 1 + world.Chance.Below(14) : 0,
            EndsAtOnce = world.Chance.OneIn(7),
        };
    }
}
