namespace Orchestrator.Simulation.Grains;

/// <summary>A grain in memory.</summary>
internal interface IActivation
{
    /// <summary>False once it gave up: the next call finds a new one.</summary>
    bool IsAlive { get; }

    /// <summary>It waits for the storage until then, and answers nobody.</summary>
    TimeSpan BusyUntil { get; }

    /// <summary>In how long it has to look at its deadlines and repetitions; null when it waits for nothing.</summary>
    TimeSpan? NextLook { get; }

    /// <summary>Its timer fired.</summary>
    void Tick();

    /// <summary>Something that runs without traffic found work for it.</summary>
    void Wake();

    void Deactivate();
}
