namespace Orchestrator.Domain.Checkpoints;

/// <summary>
/// At which steps every rank saves: at those from <paramref name="FromStep"/> on that <paramref name="EverySteps"/>
/// divides, and before it at those of the plan before.
/// </summary>
/// <param name="EverySteps">Steps between two checkpoints.</param>
/// <param name="FromStep">Far enough ahead that every rank knows the plan before it counts.</param>
/// <param name="PreviousEverySteps">What held before it.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.SavePlan")]
public sealed record SavePlan(long EverySteps, long FromStep, long PreviousEverySteps);
