using System.Net;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>A control plane that does what a test tells it, on a real port.</summary>
public sealed class ScriptedGateway : IAsyncDisposable
{
    private WebApplication? _app;
    private CancellationTokenSource _away = new();
    private Channel<GatewayMessage> _down = Channel.CreateUnbounded<GatewayMessage>();

    public int Port { get; private set; }

    public Journal<AgentMessage> Received { get; } = new();

    /// <summary>Acknowledge every event at once, as a control plane does that stores it.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>Sessions up to this one are refused, as of an agent whose host knew more once.</summary>
    public ulong NewestSession { get; set; }

    public async Task StartAsync()
    {
        _away = new CancellationTokenSource();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore().AddGrpc();
        builder.Services.AddSingleton(this);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, Port, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<Service>();
        await _app.StartAsync();
        Port = new Uri(_app.Urls.Single()).Port;
    }

    public async Task StopAsync()
    {
        await _away.CancelAsync();
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }

    public void Send(GatewayMessage message) => _down.Writer.TryWrite(message);

    public async ValueTask DisposeAsync() => await StopAsync();

    private sealed class Service(ScriptedGateway gateway) : AgentGateway.AgentGatewayBase
    {
        public override async Task Attach(
            IAsyncStreamReader<AgentMessage> requestStream,
            IServerStreamWriter<GatewayMessage> responseStream,
            ServerCallContext context)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(
                gateway._away.Token, context.CancellationToken);
            var down = Channel.CreateUnbounded<GatewayMessage>();
            gateway._down = down;
            var writing = WriteAsync(down.Reader, responseStream, ending.Token);
            try
            {
                await foreach (var message in requestStream.ReadAllAsync(ending.Token))
                    Answer(message, down.Writer);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // The test took the gateway away, or the agent is gone.
            }

            await ending.CancelAsync();
            await writing;
        }

        private void Answer(AgentMessage message, ChannelWriter<GatewayMessage> down)
        {
            if (message.Hello is { } stale && stale.SessionNumber <= gateway.NewestSession)
            {
                down.TryWrite(new GatewayMessage
                {
                    Rejected = new Rejected
                    {
                        Reason = new Reason { Code = "stale_session", Sentence = "There is a newer session." },
                    },
                });
            }
            else if (message.Hello is { } hello)
            {
                down.TryWrite(new GatewayMessage
                {
                    Welcome = new Welcome { HeartbeatIntervalMs = 50, SessionNumber = hello.SessionNumber },
                });
            }
            else if (message.Heartbeat is { } heartbeat)
            {
                down.TryWrite(new GatewayMessage
                {
                    HeartbeatAnswer = new HeartbeatAnswer
                    {
                        Number = heartbeat.Number,
                        NextIntervalMs = 50,
                        PeersKnown = true,
                    },
                });
            }
            else if (message.Event is { } news && gateway.Acknowledges)
            {
                down.TryWrite(new GatewayMessage { EventsAcknowledged = news.EventId });
            }

            gateway.Received.Add(message);
        }

        private static async Task WriteAsync(
            ChannelReader<GatewayMessage> messages,
            IServerStreamWriter<GatewayMessage> stream,
            CancellationToken cancellationToken)
        {
            try
            {
                await foreach (var message in messages.ReadAllAsync(cancellationToken))
                    await stream.WriteAsync(message, cancellationToken);
            }
            catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException)
            {
                // The stream is over.
            }
        }
    }
}
