namespace Orchestrator.Simulation.Grains;

/// <summary>The calls that change a job's record.</summary>
internal enum JobCall
{
    Submit,
    Cancel,
    Rewind,
    Hear,
    Sent,
    Tick,
    Progress,
    Granted,
    Waiting,
    Released,
}
