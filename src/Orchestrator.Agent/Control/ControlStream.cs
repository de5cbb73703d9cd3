using Grpc.Core;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;

namespace Orchestrator.Agent.Control;

/// <summary>Keeps a stream to the control plane open, for as long as the agent runs.</summary>
internal sealed class ControlStream(
    AgentOptions options, HostIdentity host, StreamParts parts, Random random, ILogger<ControlStream> log)
    : BackgroundService
{
    private bool _wasAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var silos = new SiloChoice(options, random);
        var longest = AgentLimits.ShortestReconnect;
        var refusals = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            refusals = await RunSessionAsync(silos, stoppingToken) ? 0 : refusals + 1;
            silos.MoveOn();
            // The wait grows only when every silo was tried in vain.
            longest = refusals == 0 ? AgentLimits.ShortestReconnect
                : refusals % silos.Count == 0 ? Min(longest * 2, AgentLimits.LongestReconnect)
                : longest;
            // Full jitter: a whole fleet that lost one gateway must not come back in step.
            await Task.Delay(longest * random.NextDouble(), parts.Time, stoppingToken);
        }
    }

    private async Task<bool> RunSessionAsync(SiloChoice silos, CancellationToken stoppingToken)
    {
        StreamSession? session = null;
        try
        {
            // Stored before the stream opens. A full disk keeps the agent away, but it must not end it: without an
            // agent nobody renews the leases of its ranks.
            var number = host.Sessions.Next();
            using var call = silos.Client.Attach(cancellationToken: stoppingToken);
            session = new StreamSession(call, parts, number, log);
            await session.RunAsync(stoppingToken);
            // A host that was set up anew counts from 1 again, and the refusal names the newest number in words only.
            if (session.WasStale)
                host.Sessions.Double(AgentLimits.HighestDoubledSession);
            _wasAway = false;
            log.LogInformation("The control plane ended the stream");
        }
        catch (Exception exception) when (exception is RpcException or IOException
            or InvalidOperationException or UnauthorizedAccessException)
        {
            // One line per edge: a control plane that stays away is not news every two seconds.
            if (session?.WasWelcomed == true || !_wasAway)
                log.LogWarning("No stream to {Silo}: {Reason}", silos.Address, Reason(exception));
            _wasAway = true;
        }

        return session?.WasWelcomed == true;
    }

    private static string Reason(Exception exception) =>
        exception is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : exception.Message;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
