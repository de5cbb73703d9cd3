namespace Orchestrator.Simulation.Grains;

/// <summary>The calls that change a node's record.</summary>
internal enum NodeCall
{
    Attach,
    Keep,
    Lose,
    Observe,
    Grant,
    Order,
    Convict,
    Vouch,
    Judge,
    Drain,
    Resume,
    ResumeByForce,
    Tick,
}
