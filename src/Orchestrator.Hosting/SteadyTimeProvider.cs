namespace Orchestrator.Hosting;

/// <summary>Wall time as it was at the start, moved on by the monotonic clock: it never jumps.</summary>
/// <remarks>
/// Wall clocks of virtual machines jump. Every deadline and duration is computed from this clock; only what it shows
/// to people depends on how right the wall clock was when the process started.
/// </remarks>
public sealed class SteadyTimeProvider : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _timestamp = System.GetTimestamp();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + System.GetElapsedTime(_timestamp);
}
