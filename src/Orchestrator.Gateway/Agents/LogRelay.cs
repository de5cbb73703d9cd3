using System.Collections.Concurrent;
using System.Threading.Channels;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Agents;

/// <summary>Passes chunks of logs from an agent's stream to those who asked for them.</summary>
internal sealed class LogRelay
{
    /// <summary>
    /// Chunks waiting for one reader; a reader further behind is ended, so that heartbeats are never held up.
    /// </summary>
    private const int ChunksAhead = 256;

    private readonly ConcurrentDictionary<ulong, Channel<Proto.LogChunk>> _readers = new();
    private ulong _newest;

    /// <summary>Opens a reading.</summary>
    /// <returns>Its id, and where the chunks arrive.</returns>
    public (ulong Id, ChannelReader<Proto.LogChunk> Chunks) Open()
    {
        var id = Interlocked.Increment(ref _newest);
        var channel = Channel.CreateBounded<Proto.LogChunk>(ChunksAhead);
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

    /// <summary>A chunk came. A reader that is too far behind is ended with a reason.</summary>
    public void Deliver(Proto.LogChunk chunk)
    {
        if (_readers.TryGetValue(chunk.RequestId, out var channel) && !channel.Writer.TryWrite(chunk))
        {
            _readers.TryRemove(chunk.RequestId, out _);
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
        "reader_too_slow", "The log came faster than it was read. Read less of it at once with --tail.");
}
