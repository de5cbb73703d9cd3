namespace Orchestrator.Agent.Leases;

/// <summary>Decides whether the agent may go on renewing the leases of its ranks.</summary>
/// <remarks>
/// Always, for now: a lost control plane never stops training. An agent that is cut off from everybody should let its
/// leases run out, which takes the answer of other agents to tell; that question belongs here.
/// </remarks>
internal interface ILeasePolicy
{
    bool MayRenew(string jobId);
}

/// <inheritdoc />
internal sealed class AlwaysRenew : ILeasePolicy
{
    public bool MayRenew(string jobId) => true;
}
