using Grpc.Core;
using Grpc.Net.Client;
using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Peers;

/// <summary>Asks other agents whether they are in contact with the control plane.</summary>
internal sealed class Knocker(HostIdentity host, TimeProvider time)
{
    /// <summary>An agent in the same network answers within milliseconds; on a busy host within this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Asks all at once.</summary>
    /// <returns>What those said that answered in time, and are who they should be.</returns>
    public async Task<IReadOnlyCollection<bool>> AskAsync(
        IReadOnlyDictionary<string, string> addresses, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(addresses.Select(peer => AskAsync(peer.Key, peer.Value, cancellationToken)));
        return [.. answers.OfType<bool>()];
    }

    private async Task<bool?> AskAsync(string node, string address, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            // Opened for each question: it is asked in an emergency, and an old connection may be half open.
            using var channel = GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { ConnectTimeout = Patience, UseProxy = false },
                DisposeHttpClient = true,
            });
            var reply = await new Protocol.V1.Peers.PeersClient(channel).KnockAsync(
                new KnockRequest { Node = host.Name }, cancellationToken: either.Token);
            return reply.Node == node ? reply.HasContact : null;
        }
        catch (Exception exception)
            when (exception is RpcException or UriFormatException or OperationCanceledException)
        {
            return null;
        }
    }
}
