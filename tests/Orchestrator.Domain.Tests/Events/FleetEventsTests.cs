using Orchestrator.Domain.Events;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Events;

public sealed class FleetEventsTests
{
    [Fact]
    public void Between_NodeTookSteps_TellsTheNewOnesWithTheirJob()
    {
        NodeState before = ANode.Warm().Active();
        NodeState after = ANode.Warm().Active().LosesContact();

        var step = FleetEvents.Between(before, after).ShouldHaveSingleItem();

        (step.Kind, step.Subject, step.From, step.To).ShouldBe((EventKind.Node, "n0", "Active", "Suspect"));
        step.Reason.Code.ShouldBe("stream_ended");
        step.Job.ShouldBe("job");
        step.Nodes.ShouldBe(["n0"]);
    }

    [Fact]
    public void Between_SameRecord_TellsNothing()
    {
        NodeState node = ANode.Warm().Active();
        JobState job = AJob.Running().Exits("n1", AnExit.Crash());

        FleetEvents.Between(node, node).ShouldBeEmpty();
        FleetEvents.Between(job, job, Moments.Start).ShouldBeEmpty();
        FleetEvents.Between(job.Incidents[0], job.Incidents[0]).ShouldBeEmpty();
    }

    [Fact]
    public void Between_JobSubmitted_IsAtTheSubmission()
    {
        JobState job = AJob.OnNodes();

        var submission = FleetEvents.Between(new JobState(), job, Moments.Start.AddDays(1)).ShouldHaveSingleItem();

        (submission.From, submission.To, submission.At).ShouldBe(("", "Queued", job.SubmittedAt));
    }

    [Fact]
    public void Between_JobMoved_SaysPhasesReasonAndIncident()
    {
        var job = AJob.Running();
        JobState before = job;
        JobState after = job.Exits("n1", AnExit.Crash());
        var now = Moments.Start.AddSeconds(7);

        var pause = FleetEvents.Between(before, after, now).ShouldHaveSingleItem();

        (pause.From, pause.To, pause.At, pause.Incident).ShouldBe(("Running", "Pausing", now, "job-i1"));
        pause.Reason.ShouldBe(after.Reason);
        pause.Nodes.ShouldBe(["n0", "n1"]);
    }

    [Fact]
    public void Between_IncidentGrew_TellsItsNewMoments()
    {
        var job = AJob.Running().Loses("n1");
        var before = job.Incident;
        var after = job.Stops().Releases().Granted().Incident;

        var moments = FleetEvents.Between(before, after).ToArray();

        moments.Select(moment => moment.To).ShouldContain(TimelineEvents.ReplacementLeased);
        moments.Select(moment => moment.To).ShouldNotContain(TimelineEvents.Detected);
        moments.ShouldAllBe(moment => moment.Job == "job" && moment.Incident == "job-i1");
        moments[0].Nodes.ShouldBe(["n1", "n2"]);
    }

    [Fact]
    public void Recorded_AfterARestart_StillTellsStepsMomentsSubmissionAndEnd()
    {
        var job = AJob.Running().Exits("n1", AnExit.Crash());
        NodeState node = ANode.Warm().Active().Lost();
        JobState ended = job.Stops().Cancels().Stops();

        var events = FleetEvents.Recorded([node], [ended, new JobState()], [job.Incident]).ToArray();

        events.Where(one => one.Kind == EventKind.Job).Select(one => one.To).ShouldBe(["Queued", "Cancelled"]);
        events.Count(one => one.Kind == EventKind.Node).ShouldBe(node.History.Length);
        events.Count(one => one.Kind == EventKind.Incident).ShouldBe(job.Incident.Timeline.Length);
    }

    [Fact]
    public void Identity_OfOneStepSeenLiveAndRecorded_IsTheSame()
    {
        NodeState node = ANode.Warm().Active();

        var live = FleetEvents.Between(new NodeState(), node).Select(one => one.Identity);
        var recorded = FleetEvents.Recorded([node], [], []).Select(one => one.Identity);

        recorded.ShouldBe(live);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("job", "", true)]
    [InlineData("job", "n0", true)]
    [InlineData("other", "", false)]
    [InlineData("job", "n9", false)]
    public void Concerns_JobAndNode_BothMustFit(string job, string node, bool expected)
    {
        var step = FleetEvents.Between(ANode.Warm(), ANode.Warm().Active()).First();

        step.Concerns(job, node).ShouldBe(expected);
        (step with { Kind = EventKind.Gap }).Concerns(job, node).ShouldBeTrue("a gap hides anything");
    }
}
