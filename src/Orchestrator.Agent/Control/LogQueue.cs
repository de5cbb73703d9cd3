using System.Threading.Channels;
using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Control;

/// <summary>Log chunks on their way to one stream. Readers wait when it is full; events never wait for it.</summary>
internal sealed class LogQueue(AsyncSignal work)
{
    private readonly Channel<LogChunk> _chunks = Channel.CreateBounded<LogChunk>(AgentLimits.QueuedLogChunks);

    public async Task WriteAsync(LogChunk chunk, CancellationToken cancellationToken)
    {
        await _chunks.Writer.WriteAsync(chunk, cancellationToken);
        work.Set();
    }

    public LogChunk? TryTake() => _chunks.Reader.TryRead(out var chunk) ? chunk : null;
}
