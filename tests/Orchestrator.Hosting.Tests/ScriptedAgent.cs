using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

/// <summary>An agent of which a test writes every line.</summary>
internal sealed class ScriptedAgent : IDisposable
{
    private readonly AsyncDuplexStreamingCall<AgentMessage, GatewayMessage> _call;

    private ScriptedAgent(AsyncDuplexStreamingCall<AgentMessage, GatewayMessage> call) => _call = call;

    public static async Task<(ScriptedAgent Agent, GatewayMessage First)> AttachAsync(
        EmbeddedControlPlane plane, string node, ulong session)
    {
        var agent = new ScriptedAgent(plane.Agents.Attach());
        var hello = new Hello { Node = node, SessionNumber = session, BootId = "boot", Address = "127.0.0.1" };
        hello.Gpus.Add(new GpuDevice { Uuid = $"GPU-{node}", Model = "virtual accelerator", IsVirtual = true });
        await agent.SendAsync(new AgentMessage { Hello = hello });
        return (agent, await agent.NextAsync(_ => true, "the first message"));
    }

    public Task SendAsync(AgentMessage message) => _call.RequestStream.WriteAsync(message);

    /// <summary>The next message that matches; others are passed over.</summary>
    public async Task<GatewayMessage> NextAsync(Func<GatewayMessage, bool> matches, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (await _call.ResponseStream.MoveNext(deadline.Token))
            {
                if (matches(_call.ResponseStream.Current))
                {
                    return _call.ResponseStream.Current;
                }
            }
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Cancelled && deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"Did not come within 20 s: {what}.");
        }

        throw new InvalidOperationException($"The stream ended before {what}.");
    }

    /// <summary>Reads until the control plane ends the stream, in whatever way.</summary>
    public async Task UntilEndAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        }
        catch (RpcException)
        {
            // An aborted stream is ended, too.
        }
    }

    public void Dispose() => _call.Dispose();
}
