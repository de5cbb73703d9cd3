namespace Orchestrator.Simulation.World;

/// <summary>The one source of randomness of a run (SplitMix64): a seed draws the same numbers for ever.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    public bool OneIn(int count) => Below(count) == 0;

    /// <summary>A number from 0 to just below 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public TimeSpan Between(double leastSeconds, double mostSeconds) =>
        TimeSpan.FromTicks((long)((leastSeconds + (Share() * (mostSeconds - leastSeconds))) * TimeSpan.TicksPerSecond));

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
