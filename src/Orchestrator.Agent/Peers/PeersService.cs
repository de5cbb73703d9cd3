using Grpc.Core;
using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Peers;

/// <summary>Answers other agents that hear nothing of the control plane.</summary>
internal sealed class PeersService(HostIdentity host, Contact contact) : Protocol.V1.Peers.PeersBase
{
    public override Task<KnockReply> Knock(KnockRequest request, ServerCallContext context) =>
        Task.FromResult(new KnockReply { Node = host.Name, HasContact = contact.IsFresh });
}
