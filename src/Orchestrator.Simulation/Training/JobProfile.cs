namespace Orchestrator.Simulation.Training;

/// <summary>What a job's script does.</summary>
internal sealed record JobProfile
{
    public required TimeSpan StepTime { get; init; }

    /// <summary>A script that has made so many steps ends with success.</summary>
    public required long Goal { get; init; }

    /// <summary>Steps between two checkpoints; 0 for none.</summary>
    public int SaveEvery { get; init; }

    /// <summary>Attempts of this job that fail by their own fault.</summary>
    public int CrashingAttempts { get; init; }

    /// <summary>Steps of this attempt after which a crashing one fails.</summary>
    public int CrashAfterSteps { get; init; }

    /// <summary>Its script tells of its steps.</summary>
    public bool ReportsProgress { get; init; } = true;

    /// <summary>Attempts whose ranks lose each other before their first step.</summary>
    public int BrokenAttempts { get; init; }

    /// <summary>It ends before it makes a step.</summary>
    public bool EndsAtOnce { get; init; }
}
