using Orchestrator.Agent.Control;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Progress;

/// <summary>Takes the progress of ranks, from the training socket and from what they write.</summary>
internal sealed class ProgressDesk(Outbox outbox, ProgressKeeper keeper)
{
    public void Take(TrackedRank rank, StepReport report)
    {
        var isFirst = rank.Progress.Report(report.Step, report.FinishedAt, report.FirstStep, report.Phase);
        // A report that tells only the phase leaves the disk alone. Kept before it is told: an agent that dies between
        // the two leaves it to the next one's Hello, and the other way round the first step would be told twice.
        if (report.Step > 0)
            keeper.Reported(rank, isFirst);
        if (isFirst)
            outbox.Append(FirstStepOf(rank.Key, report.FirstStep), report.FirstStepAge);
    }

    private static AgentEvent FirstStepOf(RankKey key, ulong step) => new()
    {
        FirstStep = new FirstStep { JobId = key.JobId, Attempt = key.Attempt, Rank = key.Rank, Step = step },
    };
}
