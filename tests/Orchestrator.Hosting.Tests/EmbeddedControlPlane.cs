using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

/// <summary>A whole control plane inside this process, as a company that embeds it would run it.</summary>
internal sealed class EmbeddedControlPlane : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private EmbeddedControlPlane(WebApplication app, string data, string address)
    {
        _app = app;
        Data = data;
        _channel = GrpcChannel.ForAddress(address);
        Control = new Control.ControlClient(_channel);
        Agents = new AgentGateway.AgentGatewayClient(_channel);
    }

    public string Data { get; }

    /// <summary>Where probes ask.</summary>
    public required Uri Http { get; init; }

    public Control.ControlClient Control { get; }

    public AgentGateway.AgentGatewayClient Agents { get; }

    public static Task<EmbeddedControlPlane> StartAsync(string? data = null) => StartAsync(new OrchestratorOptions
    {
        DataFolder = data ?? Directory.CreateTempSubdirectory("orchestrator-hosting-").FullName,
    });

    /// <summary>One silo of a cluster.</summary>
    public static Task<EmbeddedControlPlane> JoinAsync(string postgres) =>
        StartAsync(new OrchestratorOptions { Postgres = postgres });

    private static async Task<EmbeddedControlPlane> StartAsync(OrchestratorOptions options)
    {
        options.Listen = new IPEndPoint(IPAddress.Loopback, FreePort());
        options.Http = new IPEndPoint(IPAddress.Loopback, FreePort());
        options.SiloPort = FreePort();
        options.OrleansGatewayPort = FreePort();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.AddOrchestrator(options);
        var app = builder.Build();
        app.MapOrchestrator();
        await app.StartAsync();
        return new EmbeddedControlPlane(app, options.DataFolder, $"http://{options.Listen}")
        {
            Http = new Uri($"http://{options.Http}"),
        };
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
