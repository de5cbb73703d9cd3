using System.Threading.Channels;
using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Control;

/// <summary>Answers about stores on their way to one stream. Whoever answers waits when it is full.</summary>
internal sealed class AnswerQueue(AsyncSignal work)
{
    private readonly Channel<StoreAnswer> _answers =
        Channel.CreateBounded<StoreAnswer>(AgentLimits.QueuedStoreAnswers);

    public async Task WriteAsync(StoreAnswer answer, CancellationToken cancellationToken)
    {
        await _answers.Writer.WriteAsync(answer, cancellationToken);
        work.Set();
    }

    public StoreAnswer? TryTake() => _answers.Reader.TryRead(out var answer) ? answer : null;
}
