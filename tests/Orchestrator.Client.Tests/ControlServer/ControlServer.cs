using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Tests.ControlServer;

/// <summary>A real server of a <see cref="ScriptedControl"/> on a port of its own.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ControlServer(WebApplication application, ScriptedControl control)
    {
        _application = application;
        Control = control;
        Address = new Uri(application.Urls.Single());
    }

    public ScriptedControl Control { get; }

    public Uri Address { get; }

    public static async Task<ControlServer> StartAsync(int port = 0)
    {
        var control = new ScriptedControl();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(control);
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        var application = builder.Build();
        application.MapGrpcService<ScriptedControl>();
        await application.StartAsync();
        return new ControlServer(application, control);
    }

    public async ValueTask DisposeAsync()
    {
        // A watch that a test left open must not hold the server up.
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _application.StopAsync(atOnce.Token);
        await _application.DisposeAsync();
    }
}
