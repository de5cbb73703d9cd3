using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Incidents;

public sealed class IncidentDurationsTests
{
    [Fact]
    public void Durations_AddUpToTheTotal()
    {
        var durations = With(
            (TimelineEvents.Detected, 0), (TimelineEvents.StopsSent, 1), (TimelineEvents.Paused, 3),
            (TimelineEvents.Launched, 7), (TimelineEvents.FirstNewStep, 20)).Durations();

        durations.Decide.ShouldBe(TimeSpan.FromSeconds(1 + 4));
        durations.Stop.ShouldBe(TimeSpan.FromSeconds(2));
        durations.Launch.ShouldBe(TimeSpan.FromSeconds(13));
        durations.Total.ShouldBe(durations.Decide + durations.Stop + durations.Launch);
    }

    [Fact]
    public void Durations_WhereAMomentIsMissing_Null()
    {
        var durations = With((TimelineEvents.Detected, 0), (TimelineEvents.FirstNewStep, 20)).Durations();

        durations.ShouldBe(new IncidentDurations(null, null, null, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Recovery_TellsItsMomentsInOrder()
    {
        var job = AJob.Running().After(Moments.Second).Exits("n1", AnExit.Crash()).After(Moments.Second).Stops()
            .After(Moments.Second).Prepares().After(Moments.Second).Starts().After(Moments.Second).Steps(9);

        job.Incident.Timeline.Select(entry => entry.Event).ShouldBe(
        [
            TimelineEvents.Detected, TimelineEvents.Classified, TimelineEvents.StopsSent, TimelineEvents.Paused,
            TimelineEvents.Prepared, TimelineEvents.Launched, TimelineEvents.RanksStarted, TimelineEvents.FirstNewStep,
        ]);
        job.Incident.Durations().Total.ShouldBe(TimeSpan.FromSeconds(4));
    }

    private static Incident With(params (string Moment, int Second)[] moments) => new()
    {
        Id = "job-i1",
        Job = "job",
        Cause = new Reason("rank_crashed", "It crashed."),
        FailedAttempt = 1,
        Timeline = [.. moments.Select(moment => new TimelineEntry(Moments.At(moment.Second), moment.Moment, ""))],
    };
}
