using CsCheck;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Recovery;

/// <summary>Only a job that fails by itself is stopped: a false stop is unbounded harm.</summary>
public sealed class OwnFaultTests
{
    /// <summary>How an attempt can end.</summary>
    private enum Cause
    {
        Crash,
        HostLost,
        DeviceFailed,
        PeerLost,
        RanksVanished,
        LaunchRefused,
        LaunchUnanswered,
    }

    [Fact]
    public void FailsAtTheSameStep_IsStoppedAfterExactlyTheSetAttemptsWithItsTraceback()
    {
        var job = AJob.Running(2, spec => spec with { StopAfterNoProgress = 3 });
        // The first attempt comes as far as 50, which is progress; the others come no further.
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            job.Steps(50).Exits(job.State.Gang[1].Node, AnExit.Crash()).Stops();
            GoOn(job);
            job.State.Phase.ShouldBe(JobPhase.Running);
        }

        job.Steps(50).Exits(job.State.Gang[1].Node, AnExit.Crash()).Stops();

        job.State.Phase.ShouldBe(JobPhase.Failed);
        job.State.Attempt.ShouldBe(4);
        job.State.Reason.ShouldBe(new Reason(
            "own_fault",
            "Stopped after 3 attempts in a row that failed by themselves without progress. "
            + "Rank 1 on n2 ended with code 1: ValueError: loss is nan"));
        job.State.FailureText.ShouldBe(AnExit.Crash().LastLines);
    }

    [Fact]
    public void LosesAHostInEachAttempt_IsNeverStopped()
    {
        var job = AJob.Running(2, spec => spec with { StopAfterNoProgress = 1 });
        for (var attempt = 1; attempt <= 50; attempt++)
        {
            job.Steps(50).Loses(job.State.Gang[attempt % 2].Node).Stops().Releases();
            job.State.Phase.ShouldBe(JobPhase.Replacing);
            GoOn(job);
        }

        job.State.Phase.ShouldBe(JobPhase.Running);
        job.State.Attempt.ShouldBe(51);
    }

    [Fact]
    public void HostLostTogetherWithACrash_IsTheHostsFault()
    {
        var job = AJob.Running(2, spec => spec with { StopAfterNoProgress = 1 })
            .Exits("n0", AnExit.Crash()).Loses("n1").Stops();

        job.State.Phase.ShouldBe(JobPhase.Replacing);
        job.State.FruitlessAttempts.ShouldBe(0);
    }

    [Fact]
    public void AnyMixOfCauses_OnlyCrashesWithoutProgressCountAndOnlyTheyStop() => Gen.Select(
        Gen.Int[1, 4], Gen.Select(Gen.Enum<Cause>(), Gen.Int[0, 3]).Array[1, 40]).Sample(
        (allowed, attempts) =>
        {
            var job = AJob.Running(2, spec => spec with { StopAfterNoProgress = allowed });
            var (counted, best) = (0, 0L);
            foreach (var (cause, luck) in attempts)
            {
                var isStarted = cause is not (Cause.LaunchRefused or Cause.LaunchUnanswered);
                var hasProgressed = luck == 0 && isStarted;
                best += hasProgressed ? 1 : 0;
                End(job, cause, hasProgressed ? best : 0);
                counted = hasProgressed ? 0 : counted + (cause == Cause.Crash ? 1 : 0);

                job.State.FruitlessAttempts.ShouldBe(counted);
                (job.State.Phase == JobPhase.Failed).ShouldBe(counted == allowed, $"{counted} of {allowed} count");
                if (counted == allowed)
                {
                    job.State.FailureText.ShouldNotBeEmpty();
                    return;
                }

                Prepare(job);
            }

            job.State.FailureText.ShouldBeEmpty();
        },
        iter: 1_000);

    /// <summary>From a prepared attempt to the stop of its last rank.</summary>
    private static void End(AJob job, Cause cause, long step)
    {
        var node = job.State.Gang[0].Node;
        if (cause is Cause.LaunchRefused or Cause.LaunchUnanswered)
        {
            RefuseOrWait(job, cause, node);
            return;
        }

        job = job.State.Phase == JobPhase.Launching ? job.Starts() : job;
        job = step > 0 ? job.Steps(step) : job;
        (cause switch
        {
            Cause.Crash => job.Exits(node, AnExit.Crash()),
            Cause.HostLost => job.Loses(node),
            Cause.DeviceFailed => job.Quarantines(node),
            Cause.PeerLost => job.Exits(node, AnExit.LostPeer()),
            _ => job.Exits(node, AnExit.LeaseRanOut),
        }).Stops().Releases();
    }

    /// <summary>A first attempt that runs already is given a launch that fails after a lost host.</summary>
    private static void RefuseOrWait(AJob job, Cause cause, string node)
    {
        if (job.State.Phase == JobPhase.Running)
        {
            End(job, Cause.HostLost, 0);
            return;
        }

        job = cause == Cause.LaunchRefused
            ? job.Hears(node, report => report with { OrderRefusal = new Reason("launch_failed", "No space left.") })
                .Hears(node, report => report with { OrderRefusal = null })
            : job.After(Timings.Launch);
        job.Stops().Releases();
    }

    private static void Prepare(AJob job)
    {
        job.WaitsOut();
        if (job.State.Phase == JobPhase.Replacing)
        {
            job.Granted();
        }

        job.Prepares().State.Phase.ShouldBe(JobPhase.Launching);
    }

    private static void GoOn(AJob job)
    {
        Prepare(job);
        job.Starts();
    }
}
