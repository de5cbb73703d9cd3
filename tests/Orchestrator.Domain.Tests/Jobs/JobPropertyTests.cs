using CsCheck;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

/// <summary>
/// Everything that can reach a job, in any order, late, doubled, contradictory, and on clocks that step.
/// </summary>
public sealed class JobPropertyTests
{
    private const int LongestSequence = 80;
    private const int Sequences = 1_000;

    private static readonly Gen<(int Seconds, JobStep Step)[]> Steps =
        Gen.Select(Gen.Int[-5, 90], JobStep.Any).Array[0, LongestSequence];

    [Fact]
    public void AnySequence_BreaksNoRule() => Steps.Sample(steps => Run(steps, JobRules.Check), iter: Sequences);

    [Fact]
    public void AnyReport_TakenTwice_ChangesNothingTheSecondTime() => Steps.Sample(
        steps => Run(steps, (_, after) =>
        {
            foreach (var member in after.Gang.Where(member => member.Report is not null))
            {
                JobReports.Take(after, member.Report!, Moments.Start).ShouldBeSameAs(after);
            }
        }),
        iter: Sequences);

    [Fact]
    public void AnySequence_LeasesAreGivenBackOnceAndNeverBelongToTheGangThatGoesOn() => Steps.Sample(
        steps => Run(steps, (_, after) =>
        {
            after.ToRelease.ShouldBeUnique();
            var kept = after.Phase.IsEnded() ? [] : after.Gang.Where(member => !member.IsGivenBack);
            kept.Select(member => member.Held).Intersect(after.ToRelease).ShouldBeEmpty();
        }),
        iter: Sequences);

    [Fact]
    public void AnySequence_OrdersAreAboutTheCurrentAttemptAndItsLeases() => Steps.Sample(
        steps => Run(steps, (_, after) =>
        {
            var due = JobOrders.Due(after).ToArray();
            due.Select(entry => entry.Node).ShouldBeUnique();
            due.All(entry => entry.Order.Attempt == after.Attempt && after.Gang.Any(member =>
                member.Node == entry.Node && member.LeaseNumber == entry.Order.LeaseNumber)).ShouldBeTrue();
            (after.Phase is not (JobPhase.Pausing or JobPhase.Stopping)
                || due.All(entry => entry.Order.Body is StopOrder))
                .ShouldBeTrue("a stopping job orders something else");
        }),
        iter: Sequences);

    private static void Run((int Seconds, JobStep Step)[] steps, Action<JobState, JobState> check)
    {
        var now = Moments.Start;
        var state = AJob.OnNodes(2, spec => spec with { StopAfterNoProgress = 4 }).State;
        foreach (var (seconds, step) in steps)
        {
            now += TimeSpan.FromSeconds(seconds);
            var next = step.Apply(state, now);
            check(state, next);
            state = next;
        }
    }
}
