namespace Orchestrator.Simulation.Grains;

/// <summary>A grain as the faults see it: whatever its kind.</summary>
internal interface IGrainSlot
{
    string Name { get; }

    /// <summary>Its memory is lost; the next call finds a new activation.</summary>
    void LoseActivation();

    /// <summary>A second activation appears beside the present one, and both act for a while.</summary>
    void Split(TimeSpan lasts);

    /// <summary>Only the newer of two activations is left.</summary>
    void EndSplit();

    /// <summary>It answers nobody, and its timers do not fire.</summary>
    void Hang(TimeSpan lasts);

    /// <summary>Its timer fires once more than it should.</summary>
    void TickOnceMore();

    /// <summary>Its next look comes late.</summary>
    void DelayLook(TimeSpan by);

    /// <summary>Something that runs without traffic activates it.</summary>
    void Wake();
}
