using System.Globalization;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Jobs;

/// <summary>The plan by which ranks save, as the wire and the ranks' environment have it.</summary>
internal static class SavePlans
{
    /// <summary>Variable of a rank's environment that holds the plan of its launch.</summary>
    public const string Variable = "ORCHESTRATOR_SAVE_PLAN";

    public static Domain.Checkpoints.SavePlan ToDomain(this Protocol.V1.SavePlan plan) =>
        new((long)plan.EverySteps, (long)plan.FromStep, (long)plan.PreviousEverySteps);

    public static string ToText(this Protocol.V1.SavePlan plan) => string.Create(
        CultureInfo.InvariantCulture, $"{plan.EverySteps},{plan.FromStep},{plan.PreviousEverySteps}");

    /// <summary>Tells a rank the plan with the answer to its report.</summary>
    public static ReportReply With(this ReportReply reply, Domain.Checkpoints.SavePlan? plan)
    {
        if (plan is null)
            return reply;
        reply.SaveEverySteps = (ulong)plan.EverySteps;
        reply.SaveFromStep = (ulong)plan.FromStep;
        reply.SavePreviousEverySteps = (ulong)plan.PreviousEverySteps;
        return reply;
    }
}
