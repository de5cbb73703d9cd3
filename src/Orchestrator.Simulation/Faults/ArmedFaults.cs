namespace Orchestrator.Simulation.Faults;

/// <summary>Faults that wait for something to strike.</summary>
internal sealed class ArmedFaults
{
    /// <summary>The last kind that waits; every later one strikes at once.</summary>
    public const FaultKind Last = FaultKind.LoseGrants;

    private readonly bool[] _armed = new bool[(int)Last + 1];
    private bool _isAny;

    /// <summary>Faults that took effect.</summary>
    public int Struck { get; private set; }

    public void Arm(FaultKind kind)
    {
        _armed[(int)kind] = true;
        _isAny = true;
    }

    /// <summary>Whether one of this kind was armed; it strikes once.</summary>
    public bool Strikes(FaultKind kind)
    {
        if (!_isAny || !_armed[(int)kind])
        {
            return false;
        }

        _armed[(int)kind] = false;
        Struck++;
        return true;
    }

    public void Count() => Struck++;

    public void Disarm()
    {
        Array.Clear(_armed);
        _isAny = false;
    }
}
