using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Orchestrator.Gateway.Agents;

/// <summary>Passes what an agent answers in parts from its stream to those who asked.</summary>
/// <typeparam name="TPart">A part of an answer.</typeparam>
/// <param name="requestOf">The request that a part belongs to.</param>
internal sealed class Relay<TPart>(Func<TPart, ulong> requestOf)
{
    /// <summary>
    /// Parts waiting for one reader; a reader further behind is ended, so that heartbeats are never held up.
    /// </summary>
    private const int PartsAhead = 256;

    private readonly ConcurrentDictionary<ulong, Channel<TPart>> _readers = new();
    private ulong _newest;

    /// <summary>Opens a reading.</summary>
    /// <returns>Its id, and where the parts arrive.</returns>
    public (ulong Id, ChannelReader<TPart> Parts) Open()
    {
        var id = Interlocked.Increment(ref _newest);
        var channel = Channel.CreateBounded<TPart>(PartsAhead);
        _readers[id] = channel;
        return (id, channel.Reader);
    }

    /// <summary>Ends a reading.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>False when it had ended.</returns>
    public bool Close(ulong id) => _readers.TryRemove(id, out var channel) && channel.Writer.TryComplete();

    /// <summary>Whether a reading goes on.</summary>
    /// <param name="id">Its id.</param>
    public bool Has(ulong id) => _readers.ContainsKey(id);

    /// <summary>A part came. A reader that is too far behind is ended with a reason.</summary>
    public void Deliver(TPart part)
    {
        var id = requestOf(part);
        if (_readers.TryGetValue(id, out var channel) && !channel.Writer.TryWrite(part))
        {
            _readers.TryRemove(id, out _);
            channel.Writer.TryComplete(new ReaderTooSlowException());
        }
    }

    /// <summary>The stream is over.</summary>
    public void EndAll()
    {
        foreach (var id in _readers.Keys)
        {
            Close(id);
        }
    }
}

/// <summary>Ends a reading whose reader is too far behind.</summary>
internal sealed class ReaderTooSlowException : Exception
{
    public Domain.Reason Reason { get; } = new(
        "reader_too_slow", "The answer came faster than it was read. Read less of it at once; of a log with --tail.");
}
