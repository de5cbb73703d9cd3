namespace Orchestrator.Checkpoints.S3;

/// <summary>Bounds the bytes per second of all that is sent through it (a token bucket).</summary>
/// <remarks>Safe to be used by many at once.</remarks>
public sealed class BandwidthLimiter
{
    private const double BurstSeconds = 0.1;
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly BandwidthLimiter? _outer;
    private readonly long _bytesPerSecond;
    private double _balance;
    private long _filledAt;

    /// <summary>Begins with a tenth of a second's bytes to spend at once.</summary>
    /// <param name="bytesPerSecond">The bound; 0 for none.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="outer">A bound for this and others together, e.g. of the host; null for none.</param>
    public BandwidthLimiter(long bytesPerSecond, TimeProvider? time = null, BandwidthLimiter? outer = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesPerSecond);
        _outer = outer;
        _bytesPerSecond = bytesPerSecond;
        _time = time ?? TimeProvider.System;
        _balance = bytesPerSecond * BurstSeconds;
        _filledAt = _time.GetTimestamp();
    }

    /// <summary>Waits until these bytes may be sent.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="cancellationToken">Ends the wait; the bytes then count as sent.</param>
    /// <returns>When they may.</returns>
    public Task TakeAsync(int bytes, CancellationToken cancellationToken = default)
    {
        var wait = ReserveAll(bytes);
        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, _time, cancellationToken);
    }

    private TimeSpan ReserveAll(int bytes)
    {
        var own = _bytesPerSecond == 0 ? TimeSpan.Zero : Reserve(bytes);
        return _outer?.ReserveAll(bytes) is { } outer && outer > own ? outer : own;
    }

    // Takes the bytes at once and waits for the debt: who comes later waits longer, so nobody starves.
    private TimeSpan Reserve(int bytes)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var filled = _balance + (_time.GetElapsedTime(_filledAt, now).TotalSeconds * _bytesPerSecond);
            _balance = Math.Min(filled, _bytesPerSecond * BurstSeconds) - bytes;
            _filledAt = now;
            return TimeSpan.FromSeconds(-_balance / _bytesPerSecond);
        }
    }
}
