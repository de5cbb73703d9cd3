using Orchestrator.Domain.Jobs;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>
/// A host falls silent for good between any two messages, from the submission to the steps: nobody waits for ever.
/// </summary>
public sealed class SilentHostTests
{
    private const string Job = "job-0";
    private const int MostMessages = 36;

    /// <summary>All steps twice, and the end of a lease for each of two silences.</summary>
    private const int SecondsToSucceed = (2 * VirtualTraining.Goal) + 40;

    private const int SecondsToCancel = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CutOffAtAnyMoment_TheJobGoesOnWithoutIt(bool isCrashElsewhere)
    {
        for (var messages = 0; messages < MostMessages; messages++)
        {
            var fleet = Begun(messages);
            fleet.Hosts[messages % 3].IsCutOff = true;
            if (isCrashElsewhere)
            {
                fleet.Hosts[(messages + 1) % 3].Crash();
            }

            LiveUntil(fleet, JobPhase.Succeeded, SecondsToSucceed, messages);
        }
    }

    [Fact]
    public void CutOffAtAnyMoment_ThenCancelled_TheJobEnds()
    {
        for (var messages = 0; messages < MostMessages; messages++)
        {
            var fleet = Begun(messages);
            fleet.Hosts[messages % 3].IsCutOff = true;
            fleet.Job(Job).Cancel();

            LiveUntil(fleet, JobPhase.Cancelled, SecondsToCancel, messages);
        }
    }

    /// <summary>A job of three nodes, so many messages after its submission.</summary>
    private static VirtualFleet Begun(int messages)
    {
        var fleet = new VirtualFleet(6);
        fleet.Do(new(FleetAction.Submit, 0, 2));
        for (var delivered = 0; delivered < messages;)
        {
            var before = delivered;
            foreach (var host in fleet.Hosts)
            {
                delivered += fleet.DeliverUp(host) ? 1 : 0;
                delivered += delivered < messages && fleet.DeliverDown(host) ? 1 : 0;
            }

            if (delivered < messages && fleet.Mail.Count > 0)
            {
                fleet.Mail.Deliver(0);
                delivered++;
            }

            if (delivered == before)
            {
                fleet.Step(Job);
                fleet.Pass(1);
            }
        }

        return fleet;
    }

    private static void LiveUntil(VirtualFleet fleet, JobPhase wanted, int seconds, int messages)
    {
        var job = fleet.Job(Job);
        for (var second = 0; second < seconds && job.State.Phase != wanted; second++)
        {
            fleet.Settle();
            fleet.Cascade();
            fleet.Step(Job);
            fleet.Settle();
            fleet.Pass(1);
            fleet.Watch.Fleet();
        }

        job.State.Phase.ShouldBe(
            wanted, $"{seconds} s after a silence at message {messages}:\n{FleetWatch.Describe(fleet)}");
    }
}
