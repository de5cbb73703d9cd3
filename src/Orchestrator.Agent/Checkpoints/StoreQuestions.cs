using System.Collections.Concurrent;
using Orchestrator.Agent.Control;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>The questions about stores of one stream, each worked on beside the others; they end with it.</summary>
internal sealed class StoreQuestions(StoreDesk desk, AnswerQueue queue, CancellationToken streamEnd) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ulong, Question> _questions = new();

    public void Start(StoreRequest request)
    {
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(streamEnd);
        var isFull = _questions.Count >= AgentLimits.StoreQuestions;
        var start = new TaskCompletionSource();
        var question = new Question(cancellation, RunAsync(request, isFull, start.Task, cancellation.Token));
        if (_questions.TryAdd(request.RequestId, question))
            start.SetResult();
        else
            start.SetCanceled(streamEnd);
    }

    public void Cancel(ulong requestId)
    {
        if (_questions.TryGetValue(requestId, out var question))
            question.Cancellation.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var question in _questions.Values)
        {
            await question.Cancellation.CancelAsync();
            await question.Work;
        }
    }

    private async Task RunAsync(
        StoreRequest request, bool isFull, Task start, CancellationToken cancellationToken)
    {
        try
        {
            await start;
            await Task.Run(() => AnswerAsync(request, isFull, cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more, or the stream is gone, or a repeated request id is being answered already.
        }
        finally
        {
            if (start.IsCompletedSuccessfully && _questions.TryRemove(request.RequestId, out var question))
                question.Cancellation.Dispose();
        }
    }

    private async Task AnswerAsync(StoreRequest request, bool isFull, CancellationToken cancellationToken)
    {
        try
        {
            if (isFull)
            {
                await SendAsync(StoreDesk.Failed("too_many_store_questions", $"This host works on "
                    + $"{AgentLimits.StoreQuestions} questions about stores already; ask again when one is done."));
                return;
            }

            await foreach (var answer in desk.AnswerAsync(request, cancellationToken))
                await SendAsync(answer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await SendAsync(StoreDesk.Failed("host_storage_failed", exception.Message));
        }

        Task SendAsync(StoreAnswer answer)
        {
            answer.RequestId = request.RequestId;
            return queue.WriteAsync(answer, cancellationToken);
        }
    }

    private sealed record Question(CancellationTokenSource Cancellation, Task Work);
}
