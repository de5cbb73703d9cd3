using System.Threading.Channels;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Grains.Nodes;

namespace Orchestrator.Gateway.Agents;

/// <summary>What is asked of the agent on somebody's behalf, and answered in parts.</summary>
internal sealed partial class AgentConnection
{
    public Task<ulong> OpenLog(LogRequest request, ILogSink sink)
    {
        var (id, chunks) = Logs.Open();
        TryEnqueue(new() { ReadLog = request.ToProto(id) });
        _ = PassOnAsync(
            chunks,
            async chunk =>
            {
                await sink.Take(chunk.ToPiece());
                return chunk.IsLast;
            },
            reason => sink.Take(LogMapping.LastPiece(reason)),
            () => CloseLog(id));
        return Task.FromResult(id);
    }

    public Task<bool> IsReading(ulong reading) => Task.FromResult(Logs.Has(reading));

    public Task CloseLog(ulong reading)
    {
        if (Logs.Close(reading))
        {
            TryEnqueue(new() { CancelLog = reading });
        }

        return Task.CompletedTask;
    }

    public Task<ulong> AskStore(StoreQuestion question, IStoreSink sink)
    {
        var (id, answers) = StoreAnswers.Open();
        TryEnqueue(new() { StoreRequest = question.ToProto(id) });
        _ = PassOnAsync(
            answers,
            async answer =>
            {
                await sink.Take(answer.ToPart());
                return answer.IsLast;
            },
            reason => sink.Take(StoreMapping.LastPart(reason)),
            () => DropQuestion(id));
        return Task.FromResult(id);
    }

    public Task<bool> IsAnswering(ulong question) => Task.FromResult(StoreAnswers.Has(question));

    public Task DropQuestion(ulong question)
    {
        if (StoreAnswers.Close(question))
        {
            TryEnqueue(new() { CancelStoreRequest = question });
        }

        return Task.CompletedTask;
    }

    /// <param name="parts">What comes on the stream.</param>
    /// <param name="take">Passes a part on, and says whether it was the last.</param>
    /// <param name="end">Says how the answer ended before its last part.</param>
    /// <param name="close">Forgets the question.</param>
    private async Task PassOnAsync<TPart>(
        ChannelReader<TPart> parts, Func<TPart, Task<bool>> take, Func<Domain.Reason, Task> end, Func<Task> close)
    {
        try
        {
            await foreach (var part in parts.ReadAllAsync())
            {
                if (await take(part))
                {
                    return;
                }
            }

            await end(AgentGone.Reason(Node));
        }
        catch (ReaderTooSlowException slow)
        {
            await end(slow.Reason);
        }
        catch (Exception error)
            when (error is ClientNotAvailableException or SiloUnavailableException or TimeoutException)
        {
            // Whoever asked went away.
        }
        finally
        {
            await close();
        }
    }
}
