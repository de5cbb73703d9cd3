using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Lifecycles;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Tests.Lifecycles;

public sealed class LifecycleTests
{
    [Fact]
    public void Node_EveryStateHasADeadlineAndCanBeReached() => Check(NodeLifecycle.Table, NodePhase.Joining);

    [Fact]
    public void Lease_EveryStateHasADeadlineAndCanBeReached() => Check(LeaseLifecycle.Table, LeasePhase.Granted);

    [Fact]
    public void Job_EveryStateHasADeadlineAndCanBeReached() => Check(JobLifecycle.Table, JobPhase.Queued);

    [Fact]
    public void Incident_EveryStateHasADeadlineAndCanBeReached() =>
        Check(IncidentLifecycle.Table, IncidentPhase.Detected);

    private static void Check<TPhase, TTrigger>(TransitionTable<TPhase, TTrigger> table, TPhase first)
        where TPhase : struct, Enum
        where TTrigger : struct, Enum
    {
        table.Rows.Select(row => (row.From, row.Trigger, row.To)).ShouldBeUnique();
        table.Deadlines.Select(deadline => deadline.Phase).ShouldBe(Enum.GetValues<TPhase>());
        Enum.GetValues<TTrigger>().Except(table.Rows.Select(row => row.Trigger))
            .ShouldBeEmpty("a trigger is in no row");
        foreach (var phase in Enum.GetValues<TPhase>())
        {
            var canBeReached = phase.Equals(first) || table.Rows.Any(row => row.To.Equals(phase));
            canBeReached.ShouldBeTrue($"no row leads to {phase}");
            var deadline = table.Deadlines.First(one => one.Phase.Equals(phase));
            var isEnd = table.Rows.All(row => !row.From.Equals(phase) || row.To.Equals(phase));
            var isDocumented = deadline.Lasts.StartsWith("no limit", StringComparison.Ordinal)
                || deadline.Lasts.StartsWith("until", StringComparison.Ordinal);
            (!isEnd || isDocumented).ShouldBeTrue($"{phase} is a dead end without a word why");
        }
    }
}
