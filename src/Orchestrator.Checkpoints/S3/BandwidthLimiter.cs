namespace Orchestrator.Checkpoints.S3;

/// <summary>Bounds the bytes per second that all uploads of a host send together (a token bucket).</summary>
/// <remarks>Give one to each store of the host. Safe to be used by many at once.</remarks>
public sealed class BandwidthLimiter
{
    private const double BurstSeconds = 0.1;
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _bytesPerSecond;
    private double _balance;
    private long _filledAt;

    /// <summary>Begins with a tenth of a second's bytes to spend at once.</summary>
    /// <param name="bytesPerSecond">The bound; 0 for none.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public BandwidthLimiter(long bytesPerSecond, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesPerSecond);
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
        var wait = _bytesPerSecond == 0 ? TimeSpan.Zero : Reserve(bytes);
        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, _time, cancellationToken);
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
