namespace Orchestrator.Agent.Progress;

/// <summary>How far a rank is, from whichever source.</summary>
/// <param name="Step">Highest step finished; 0 before the first.</param>
/// <param name="FinishedAt">Monotonic timestamp at which that step was finished.</param>
/// <param name="FirstStep">First step finished in the process; 0 before it.</param>
/// <param name="Phase">The phase that the script named; empty without one.</param>
internal sealed record StepReport(ulong Step, long FinishedAt, ulong FirstStep, string Phase)
{
    /// <summary>Time since the first step was finished.</summary>
    public TimeSpan FirstStepAge { get; init; }
}
