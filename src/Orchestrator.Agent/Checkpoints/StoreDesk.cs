using System.Runtime.CompilerServices;
using Orchestrator.Checkpoints.Durable;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Answers what the control plane asks about stores and checkpoints, in parts.</summary>
internal sealed class StoreDesk(CheckpointVerification verification, CheckpointRestoration restoration)
{
    public IAsyncEnumerable<StoreAnswer> AnswerAsync(StoreRequest request, CancellationToken cancellationToken) =>
        request.BodyCase switch
        {
            StoreRequest.BodyOneofCase.Probe => ProbeAsync(request.Probe, cancellationToken),
            StoreRequest.BodyOneofCase.Verify => verification.RunAsync(request.Verify, cancellationToken),
            StoreRequest.BodyOneofCase.Restore => restoration.RunAsync(request.Restore, cancellationToken),
            _ => UnknownAsync(request),
        };

    /// <summary>The last part of an answer that is none.</summary>
    public static StoreAnswer Failed(string code, string sentence) => new()
    {
        IsLast = true,
        Fault = new Reason { Code = code, Sentence = sentence },
    };

    private static async IAsyncEnumerable<StoreAnswer> ProbeAsync(
        ProbeStore probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (store, fault) = await DurableStores.ProbeAsync(probe.Store, cancellationToken);
        yield return fault is null
            ? new StoreAnswer { IsLast = true, Store = store }
            : Failed(fault.Code, fault.Sentence);
    }

    private static async IAsyncEnumerable<StoreAnswer> UnknownAsync(StoreRequest request)
    {
        await Task.CompletedTask;
        yield return Failed("unknown_question", $"This agent does not know a {request.BodyCase} question.");
    }
}
