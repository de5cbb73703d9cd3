using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Training;

/// <summary>Synchronous training: steps, checkpoints, and failures that spread from one rank to the others.</summary>
internal sealed class TrainingRuns(VirtualWorld world)
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Rendezvous = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(15);
    private readonly Dictionary<(string Job, int Attempt), TrainingRun> _runs = [];

    public IEnumerable<TrainingRun> Running => _runs.Values.Where(run => run is { IsBroken: false, HasStarted: true });

    /// <summary>One of its ranks runs on a host whose heartbeats arrive.</summary>
    public bool IsHeard(string job, int attempt) =>
        _runs.TryGetValue((job, attempt), out var run)
        && run.Ranks.Exists(rank => rank is { IsComputing: true, Host.SilentSince: null });

    public void RankStarted(RankProcess rank)
    {
        if (!_runs.TryGetValue((rank.Job, rank.Attempt), out var run) || !run.Ranks.Exists(other => other.IsRunning))
        {
            // Also after a launch that its host forgot in a power failure, and was ordered again.
            _runs[(rank.Job, rank.Attempt)] = run = new(rank.Job, rank.Attempt, rank.WorldSize)
            {
                Step = rank.ResumeStep,
            };
            world.Agenda.In(Rendezvous, "rendezvous ends", run.Job, () => EndRendezvous(run));
        }

        run.Ranks.Add(rank);
        if (run is { IsWhole: true, HasStarted: false })
        {
            run.HasStarted = true;
            Begin(run, world.Profile(run.Job));
        }
    }

    /// <summary>A rank ended or vanished: the others lose their connection to it, each in its own time.</summary>
    public void RankEnded(RankProcess rank, bool isAbrupt)
    {
        var run = _runs[(rank.Job, rank.Attempt)];
        // Ranks that wait for each other at the rendezvous do not see who is missing.
        if (!run.HasStarted || run.IsBroken || rank.Exit is { IsSuccess: true } || !run.Ranks.Contains(rank))
        {
            return;
        }

        run.IsBroken = true;

        var address = world.Chance.OneIn(4) ? null : rank.Host.Address;
        world.Agenda.In(world.Chance.Between(isAbrupt ? 0.5 : 0.05, isAbrupt ? 8 : 2), "peer lost", run.Job, () =>
            Spread(run, address, rank.Host));
    }

    /// <summary>Ranks that waited in vain for the others end.</summary>
    private void EndRendezvous(TrainingRun run)
    {
        if (!run.HasStarted)
        {
            run.IsBroken = true;
            Spread(run, null);
        }
    }

    private void Begin(TrainingRun run, JobProfile profile)
    {
        if (run.Attempt <= profile.BrokenAttempts && !world.IsHealed)
        {
            world.Agenda.In(world.Chance.Between(0.05, 3), "network breaks", run.Job, () =>
            {
                run.IsBroken = true;
                Spread(run, null);
            });
        }
        else if (profile.EndsAtOnce)
        {
            world.Agenda.In(world.Chance.Between(0, 0.02), "job ends", run.Job, () => Finish(run));
        }
        else
        {
            Plan(run, profile, world.Chance.Between(0.5, 3));
        }
    }

    private void Plan(TrainingRun run, JobProfile profile, TimeSpan extra = default) =>
        world.Agenda.In(profile.StepTime + extra, "step", run.Job, () => Advance(run, profile));

    private void Advance(TrainingRun run, JobProfile profile)
    {
        if (run.IsBroken || !run.Ranks.Exists(rank => rank.IsRunning))
        {
            return;
        }

        if (!run.IsWhole || run.HangsUntil > world.Clock.Passed
            || !Network.Joins(run.Ranks))
        {
            Stall(run, profile);
            return;
        }

        run.Stalls = 0;
        run.Step++;
        run.StepsMade++;
        foreach (var rank in run.Ranks)
        {
            Tell(rank, run.Step, profile);
        }

        if (Crashes(run, profile))
        {
            world.Watch.OwnFault(run.Job, run.Attempt);
            var victim = world.Chance.Of(run.Ranks);
            victim.Host.End(victim, Exits.Crash);
        }
        else if (run.Step >= profile.Goal)
        {
            Finish(run);
        }
        else
        {
            if (profile.SaveEvery > 0 && run.Step % profile.SaveEvery == 0)
            {
                Save(run);
            }

            Plan(run, profile);
        }
    }

    private static bool Crashes(TrainingRun run, JobProfile profile) =>
        run.Attempt <= profile.CrashingAttempts && run.StepsMade >= profile.CrashAfterSteps;

    private void Tell(RankProcess rank, long step, JobProfile profile)
    {
        rank.Step = step;
        if (!profile.ReportsProgress)
        {
            return;
        }

        if (rank.FirstStep is null)
        {
            rank.FirstStep = step;
            rank.Host.Agent.Tell(new FirstStepFinished(
                rank.Job, rank.Attempt, rank.Rank, step, world.Clock.Now, default));
        }

        if (rank.Host.SilentSince is null)
        {
            world.Board.Report(rank.Job, rank.Attempt, step, world.Clock.Now);
        }
    }

    /// <summary>Ranks hang in a collective until a watchdog ends them.</summary>
    private void Stall(TrainingRun run, JobProfile profile)
    {
        var isSeen = ++run.Stalls == 1;
        if (isSeen && run.HangsUntil <= world.Clock.Passed)
        {
            var stalled = run.StepsMade;
            world.Agenda.In(Watchdog, "watchdog", run.Job, () =>
            {
                if (!run.IsBroken && run.StepsMade == stalled)
                {
                    run.IsBroken = true;
                    EndAll(run, Exits.PeerSilent);
                }
            });
        }

        var pause = TimeSpan.FromSeconds(run.Stalls);
        Plan(run, profile, pause < LongestStall ? pause : LongestStall);
    }

    private void Save(TrainingRun run)
    {
        foreach (var rank in run.Ranks)
        {
            if (rank.KeepsInMemory)
            {
                world.Memory.Saved(
                    rank, world.Shards.Write(run.Job, run.Attempt, run.Step, rank.Rank, rank.Host), run.WorldSize);
                continue;
            }

            var shard = world.Shards.Write(run.Job, run.Attempt, run.Step, rank.Rank);
            var report = new ShardReport(run.Attempt, run.Step, shard, run.WorldSize);
            var pause = world.Armed.Strikes(FaultKind.LateShard)
                ? world.Chance.Between(10, 200)
                : world.Chance.Between(0.05, 0.8);
            world.Agenda.In(pause, "shard stored", rank.Host.Name, () =>
                rank.Host.Agent.Tell(new ShardStored(run.Job, report, default)));
        }
    }

    private static void Finish(TrainingRun run)
    {
        foreach (var rank in run.Ranks)
        {
            rank.Host.End(rank, Exits.Clean);
        }
    }

    private void Spread(TrainingRun run, string? address, Host? from = null)
    {
        foreach (var rank in run.Ranks.Where(rank => rank.IsComputing))
        {
            // Where no packet arrives, nothing tells that the connection is over.
            var isTold = from is null || Network.Reaches(from, rank.Host);
            var pause = isTold ? world.Chance.Between(0, 1.5) : Watchdog + world.Chance.Between(0, 5);
            var exit = !isTold ? Exits.PeerSilent : address is null ? Exits.PeerGone : Exits.PeerGoneAt(address);
            world.Agenda.In(pause, "peer lost", rank.Host.Name, () => End(rank, exit));
        }
    }

    private void EndAll(TrainingRun run, RankExit exit)
    {
        foreach (var rank in run.Ranks.Where(rank => rank.IsComputing))
        {
            world.Agenda.In(world.Chance.Between(0, 5), "watchdog", rank.Host.Name, () => End(rank, exit));
        }
    }

    /// <summary>A process of a host that stands still ends when the host goes on.</summary>
    private void End(RankProcess rank, RankExit exit)
    {
        if (rank.Host.IsPaused)
        {
            world.Agenda.In(TimeSpan.FromMinutes(1), "peer lost", rank.Host.Name, () => End(rank, exit));
        }
        else if (rank.IsComputing)
        {
            rank.Host.End(rank, exit);
        }
    }
}
