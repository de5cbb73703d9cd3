using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Control;
using Orchestrator.Agent.Gpus;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Leases;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Peers;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Ranks;
using Orchestrator.Agent.Standbys;
using Orchestrator.Agent.Training;
using Orchestrator.Agent.Watching;

namespace Orchestrator.Agent;

/// <summary>Puts the agent together and runs it.</summary>
internal static class AgentHost
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunAsync(AgentOptions options)
    {
        var state = new StateFolder(options);
        using var claim = StateClaim.TryTake(state);
        if (claim is null)
        {
            await Console.Error.WriteLineAsync($"Another agent uses {state.Root}; each needs a --state of its own.");
            return 1;
        }

        // The empty builder reads no settings file and no variable: an ASPNETCORE_URLS would open a TCP port.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        Add(builder.Services, options, state);
        File.Delete(state.TrainingSocket);
        var peers = await PeerListener.AddressesAsync(options, options.PeerPort);
        var shards = await PeerListener.AddressesAsync(options, options.ShardPort);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(state.TrainingSocket, listen => listen.Protocols = HttpProtocols.Http2);
            foreach (var address in peers)
                kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http2);
            foreach (var address in shards)
                kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
            // A shard is as large as a rank makes it, and its sender may have to wait for a disk.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        await using var app = builder.Build();
        app.MapShards(options);
        app.UseRouting();
        // Who comes in by the one door is not served what is behind the other.
        app.MapGrpcService<TrainingService>().RequireUnixSocket();
        app.MapGrpcService<PeersService>();
        await app.StartAsync();
        File.SetUnixFileMode(state.TrainingSocket, OwnerOnly);
        await app.WaitForShutdownAsync();
        // The host only stops when a loop failed; whoever restarts the agent must see that it did not end by order.
        var loops = app.Services.GetServices<IHostedService>().OfType<BackgroundService>();
        return loops.Any(loop => loop.ExecuteTask?.IsFaulted == true) ? 1 : Environment.ExitCode;
    }

    private static void Add(IServiceCollection services, AgentOptions options, StateFolder state)
    {
        services.AddRoutingCore().AddGrpc();
        services.AddSingleton(options).AddSingleton(state).AddSingleton(TimeProvider.System).AddSingleton<Random>();
        services.AddSingleton<HostIdentity>().AddSingleton<RankTable>();
        services.AddSingleton<JobTable>().AddSingleton<JobEnds>();
        services.AddSingleton<AsyncSignal>().AddSingleton<Outbox>().AddSingleton<HelloBuilder>();
        services.AddSingleton<StreamParts>().AddSingleton<LogSource>();
        services.AddSingleton<LeaseFiles>().AddSingleton<Contact>().AddSingleton<PeerBook>();
        services.AddSingleton<Knocker>().AddSingleton<IsolationWatch>();
        services.AddSingleton<ILeasePolicy>(provider => provider.GetRequiredService<IsolationWatch>());
        services.AddSingleton<LapsedRanks>().AddSingleton<LeaseRenewal>();
        services.AddSingleton<RankEnvironment>().AddSingleton<RankLauncher>().AddSingleton<GangStopper>();
        services.AddSingleton<Stragglers>();
        services.AddSingleton<StandbyTable>().AddSingleton<StandbyOrders>().AddSingleton<StandbyStarter>();
        services.AddSingleton<StandbyEnds>().AddSingleton<Promotion>().AddSingleton<StandbyKeeper>();
        services.AddSingleton<ExitWatch>().AddSingleton<IGpuProbe, VirtualGpuProbe>();
        services.AddSingleton<CheckpointReader>().AddSingleton<ShardDesk>().AddSingleton<ShardBuffers>();
        services.AddSingleton<OpenSaves>().AddSingleton<SaveFence>().AddSingleton<ShardSealing>();
        services.AddSingleton<SaveClock>();
        services.AddSingleton<MemoryTier>().AddSingleton<ShardShelf>().AddSingleton<PeerShards>();
        services.AddSingleton<OpenStores>().AddSingleton<StoreCollection>();
        services.AddSingleton<ShardFill>().AddSingleton<ShardReceiver>();
        services.AddSingleton<CheckpointVerification>().AddSingleton<CheckpointRestoration>();
        services.AddSingleton<StoreDesk>();
        services.AddSingleton<ShardReplication>().AddSingleton<ShardUpload>().AddSingleton<ReleasedShards>();
        services.AddSingleton<ProgressKeeper>().AddSingleton<ProgressDesk>().AddSingleton<ProgressLook>();
        services.AddSingleton<FileIntake>().AddSingleton<PutBack>();
        services.AddSingleton<CommandDesk>().AddSingleton<OperationMemory>().AddSingleton<JobQueues>();
        services.AddSingleton<FreePort>().AddSingleton<FailedLaunch>();
        services.AddSingleton<ICommandHandler, PrepareHandler>().AddSingleton<ICommandHandler, LaunchHandler>();
        services.AddSingleton<ICommandHandler, StopHandler>().AddSingleton<ICommandHandler, ReleaseHandler>();
        services.AddSingleton<ICommandHandler, RetainHandler>();
        // In this order: what runs is known, and its leases are renewed, before anybody is told about it.
        services.AddHostedService<Adoption>().AddHostedService<ShardRecords>();
        services.AddHostedService(provider => provider.GetRequiredService<LeaseRenewal>());
        services.AddHostedService(provider => provider.GetRequiredService<IsolationWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<ExitWatch>());
        services.AddHostedService<ProgressFollower>().AddHostedService<FileWatch>().AddHostedService<LogRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<StandbyKeeper>());
        services.AddHostedService(provider => provider.GetRequiredService<ShardSealing>());
        services.AddHostedService(provider => provider.GetRequiredService<ShardReplication>());
        services.AddHostedService(provider => provider.GetRequiredService<ShardUpload>());
        services.AddHostedService(provider => provider.GetRequiredService<ReleasedShards>());
        services.AddHostedService<GpuFaultWatch>();
        services.AddHostedService<ControlStream>();
    }
}
