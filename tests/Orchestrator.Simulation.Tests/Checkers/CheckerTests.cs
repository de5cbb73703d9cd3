using Orchestrator.Domain;
using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Tests.Checkers;

/// <summary>Each checker that no planted bug is made for finds what it looks for.</summary>
public sealed class CheckerTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly VirtualWorld _world = new(1, PlantedBug.None);

    private static JobState Running => new()
    {
        Id = "job-1",
        Phase = JobPhase.Running,
        Attempt = 1,
        Reason = new Reason("running", "Every rank runs."),
        Spec = new JobSpec { Name = "job", Nodes = 1, Command = ["true"], WorkingDirectory = "/" },
    };

    [Fact]
    public void OneAttempt_OldRankOnAHeardHost_IsFound()
    {
        _world.Nodes.Write("n0", new NodeState { Name = "n0", IsConnected = true, SessionNumber = 1 }, version: 0);
        _world.Hosts[0].Stream = new AgentStream(_world.Hosts[0], 1);
        _world.Hosts[0].ContactChanged();
        _world.Watch.RankStarted(Rank(_world.Hosts[0], attempt: 1));
        _world.Watch.RankStarted(Rank(_world.Hosts[1], attempt: 2));

        _world.Watch.EventEnded();

        Found("OneAttempt");
    }

    [Fact]
    public void OneAttempt_OldRankOnAHostThatIsNotHeard_MayGoOnForItsLease()
    {
        _world.Watch.RankStarted(Rank(_world.Hosts[0], attempt: 1));
        _world.Watch.RankStarted(Rank(_world.Hosts[1], attempt: 2));
        _world.Clock.AdvanceTo(TimeSpan.FromSeconds(12));
        _world.Watch.EventEnded();
        _world.Watch.First.ShouldBeNull();

        _world.Clock.AdvanceTo(TimeSpan.FromSeconds(12.1));
        _world.Watch.EventEnded();

        Found("OneAttempt");
    }

    [Fact]
    public void KnownTransitions_StepThatIsInNoRow_IsFound()
    {
        Store(Running, Running with { Phase = JobPhase.Queued });

        Found("KnownTransitions");
    }

    [Fact]
    public void EndedWaits_PauseWithoutDeadline_IsFound()
    {
        Store(Running with { Phase = JobPhase.Pausing, Deadline = Start }, Running with { Phase = JobPhase.Pausing });

        Found("EndedWaits");
    }

    [Fact]
    public void KeptLineage_WholeCheckpointIsForgotten_IsFound()
    {
        var manifest = new CheckpointManifest("job-1", 5, 1, [_world.Shards.Write("job-1", 1, 5, 0)]);

        Store(Running with { Checkpoints = new CheckpointCatalogue { Committed = [manifest] } }, Running);

        Found("KeptLineage");
    }

    [Theory]
    [InlineData(Account.Productive, Account.Launching, 60, 60, true)]
    [InlineData(Account.Productive, Account.Launching, 60, 61, false)]
    [InlineData(Account.Lost, Account.Waiting, 60, 60, false)]
    public void WholeLedger_TimeOfARunningJob_IsAllOfItsWallTimeAndGoesToItsPhase(
        Account booked, Account open, int seconds, int wall, bool isWhole)
    {
        var ledger = new Ledger
        {
            Settled = [new AccountTime(booked, TimeSpan.FromSeconds(seconds))],
            Open = open,
            Since = Start + TimeSpan.FromSeconds(wall),
        };

        Store(Running, Running with { SubmittedAt = Start, Ledger = ledger });

        (_world.Watch.First is null).ShouldBe(isWhole);
    }

    [Fact]
    public void WholeLedger_EndedJobWithUnsavedTraining_IsFound()
    {
        var ledger = new Ledger
        {
            Settled = [new AccountTime(Account.Unsaved, TimeSpan.FromSeconds(60))],
            Since = Start + TimeSpan.FromSeconds(60),
        };
        var ended = Running with { Phase = JobPhase.Succeeded, SubmittedAt = Start, EndedAt = ledger.Since };

        Store(Running, ended with { Ledger = ledger });

        Found("WholeLedger");
    }

    [Fact]
    public void WholeManifests_ShardOfAnOlderAttempt_IsFound()
    {
        var manifest = new CheckpointManifest("job-1", 5, 1, [_world.Shards.Write("job-1", 0, 5, 0)]);

        Store(Running, Running with { Checkpoints = new CheckpointCatalogue { Committed = [manifest] } });

        Found("WholeManifests");
    }

    [Fact]
    public void ClosedIncidents_OpenOneOfAnEndedJob_IsFound()
    {
        var incident = new Incident
        {
            Id = "job-1-i1",
            Job = "job-1",
            Cause = new Reason("host_lost", "n0 is lost."),
            FailedAttempt = 1,
            Phase = IncidentPhase.Launched,
        };

        Store(Running with { Incidents = [incident] }, Running with
        {
            Incidents = [incident],
            Phase = JobPhase.Succeeded,
        });

        Found("ClosedIncidents");
    }

    [Fact]
    public void CountedFaults_AttemptWithoutAFailedRank_IsFound()
    {
        Store(Running, Running with { FruitlessAttempts = 1 });

        Found("CountedFaults");
    }

    [Fact]
    public void CountedFaults_AttemptWithAFailedRank_IsFine()
    {
        _world.Watch.OwnFault("job-1", 1);

        Store(Running, Running with { FruitlessAttempts = 1 });

        _world.Watch.First.ShouldBeNull();
    }

    [Fact]
    public void Convergence_RankThatRunsForEver_IsFound()
    {
        _world.Hosts[0].Ranks.Add(Rank(_world.Hosts[0], attempt: 1));

        _world.Watch.Settled();

        Found("Convergence");
    }

    private static RankProcess Rank(Host host, int attempt) => new()
    {
        Host = host,
        Job = "job-1",
        Attempt = attempt,
        Rank = 0,
        LeaseNumber = 1,
        WorldSize = 1,
        ResumeStep = 0,
        Lease = TimeSpan.FromSeconds(10),
    };

    private void Store(JobState before, JobState after) =>
        _world.Watch.JobStored(new JobChange("job-1", JobCall.Hear, before, after));

    private void Found(string checker) => _world.Watch.First.ShouldNotBeNull().Checker.ShouldBe(checker);
}
