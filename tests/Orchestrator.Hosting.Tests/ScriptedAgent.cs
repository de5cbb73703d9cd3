using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

/// <summary>An agent of which a test writes every line but the heartbeats.</summary>
internal sealed class ScriptedAgent : IDisposable
{
    private readonly AsyncDuplexStreamingCall<AgentMessage, GatewayMessage> _call;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly PeriodicTimer _beats = new(TimeSpan.FromSeconds(1));

    private ScriptedAgent(AsyncDuplexStreamingCall<AgentMessage, GatewayMessage> call) => _call = call;

    public static async Task<(ScriptedAgent Agent, GatewayMessage First)> AttachAsync(
        EmbeddedControlPlane plane, string node, ulong session, params RankRecord[] ranks)
    {
        var agent = new ScriptedAgent(plane.Agents.Attach());
        var hello = new Hello { Node = node, SessionNumber = session, BootId = "boot", Address = "127.0.0.1" };
        hello.Gpus.Add(new GpuDevice { Uuid = $"GPU-{node}", Model = "virtual accelerator", IsVirtual = true });
        hello.Ranks.AddRange(ranks);
        await agent.SendAsync(new AgentMessage { Hello = hello });
        var first = await agent.NextAsync(_ => true, "the first message");
        _ = agent.BeatAsync();
        return (agent, first);
    }

    public async Task SendAsync(AgentMessage message)
    {
        await _writing.WaitAsync();
        try
        {
            await _call.RequestStream.WriteAsync(message);
        }
        finally
        {
            _writing.Release();
        }
    }

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

    public void Dispose()
    {
        _beats.Dispose();
        _writing.Dispose();
        _call.Dispose();
    }

    /// <summary>Without them a test on a busy machine would be one of a silent host.</summary>
    private async Task BeatAsync()
    {
        try
        {
            for (var number = 1UL; await _beats.WaitForNextTickAsync(); number++)
            {
                await SendAsync(new AgentMessage { Heartbeat = new Heartbeat { Number = number } });
            }
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException)
        {
            // The stream has ended, which is for the test to judge.
        }
    }
}
