namespace Orchestrator.Simulation.World;

/// <summary>The time of a world: hosts live by what passes, the control plane by a wall clock that may jump.</summary>
internal sealed class VirtualClock
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _jumped;

    /// <summary>What has truly passed since the world began.</summary>
    public TimeSpan Passed { get; private set; }

    /// <summary>The clock of the control plane.</summary>
    public DateTimeOffset Now => Start + _jumped + Passed;

    public void AdvanceTo(TimeSpan passed) => Passed = passed;

    /// <summary>A control plane that starts anew reads the wall clock, which somebody may have set.</summary>
    public void Jump(TimeSpan by) => _jumped += by;

    /// <summary>When a moment on the control plane's clock is reached, as long as that clock does not jump.</summary>
    public TimeSpan Until(DateTimeOffset moment) => moment - Now;
}
