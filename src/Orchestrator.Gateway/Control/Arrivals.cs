using System.Threading.Channels;

namespace Orchestrator.Gateway.Control;

/// <summary>Where the parts of one answer arrive, from whichever silo has the agent's stream.</summary>
/// <typeparam name="TPart">A part of the answer.</typeparam>
internal sealed class Arrivals<TPart>
    where TPart : class
{
    /// <summary>Parts that wait for the reader; the sender waits for room.</summary>
    private const int PartsAhead = 16;

    private readonly Channel<TPart> _parts = Channel.CreateBounded<TPart>(PartsAhead);

    /// <summary>Every part that came was taken.</summary>
    public bool IsEmpty => !_parts.Reader.TryPeek(out _);

    public async Task AddAsync(TPart part, bool isLast)
    {
        await _parts.Writer.WriteAsync(part);
        if (isLast)
        {
            _parts.Writer.TryComplete();
        }
    }

    /// <summary>The next part.</summary>
    /// <returns>Null when none came for this long.</returns>
    public async Task<TPart?> NextAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _parts.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Nobody reads any more.</summary>
    public void Close() => _parts.Writer.TryComplete();
}
