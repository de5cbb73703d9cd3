using System.Collections.Concurrent;
using Orchestrator.Agent.Control;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Logs;

/// <summary>The log requests of one stream; they end with it.</summary>
internal sealed class LogReaders(LogSource source, LogQueue queue, CancellationToken streamEnd) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ulong, Reader> _readers = new();

    public void Start(ReadLog request)
    {
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(streamEnd);
        var isFull = _readers.Count >= AgentLimits.LogReaders;
        var start = new TaskCompletionSource();
        var reader = new Reader(cancellation, RunAsync(request, isFull, start.Task, cancellation.Token));
        if (_readers.TryAdd(request.RequestId, reader))
            start.SetResult();
        else
            start.SetCanceled(streamEnd);
    }

    public void Cancel(ulong requestId)
    {
        if (_readers.TryGetValue(requestId, out var reader))
            reader.Cancellation.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers.Values)
        {
            await reader.Cancellation.CancelAsync();
            await reader.Work;
        }
    }

    private async Task RunAsync(ReadLog request, bool isFull, Task start, CancellationToken cancellationToken)
    {
        try
        {
            await start;
            await TrySendAsync(request, isFull, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody reads any more, or the stream is gone, and a repeated request id has its reader already.
        }
        finally
        {
            if (start.IsCompletedSuccessfully && _readers.TryRemove(request.RequestId, out var reader))
                reader.Cancellation.Dispose();
        }
    }

    private async Task TrySendAsync(ReadLog request, bool isFull, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(request, isFull, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The queue may be full for ever once the stream is gone: this wait too ends with it.
            await queue.WriteAsync(
                LogSource.Failed(request, "log_unreadable", $"The log could not be read: {exception.Message}"),
                cancellationToken);
        }
    }

    private async Task SendAsync(ReadLog request, bool isFull, CancellationToken cancellationToken)
    {
        if (isFull)
        {
            var sentence = $"This host already serves {AgentLimits.LogReaders} readers; end one of them first.";
            await queue.WriteAsync(LogSource.Failed(request, "too_many_log_readers", sentence), cancellationToken);
            return;
        }

        await foreach (var chunk in source.ReadAsync(request, cancellationToken))
            await queue.WriteAsync(chunk, cancellationToken);
    }

    private sealed record Reader(CancellationTokenSource Cancellation, Task Work);
}
