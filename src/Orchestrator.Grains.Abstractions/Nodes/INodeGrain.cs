using System.Collections.Immutable;
using Orchestrator.Domain;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orleans.Concurrency;

namespace Orchestrator.Grains.Nodes;

/// <summary>One node: the truth about its contact, its lease and its fitness. Keyed by the node's name.</summary>
[Alias("orchestrator.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>An agent opened a session. From the gateway.</summary>
    /// <param name="hello">The whole truth about its host.</param>
    /// <param name="connection">How to reach it.</param>
    /// <returns>A refusal of an older session; null when accepted.</returns>
    [Alias("Attach")]
    Task<Reason?> Attach(AgentHello hello, INodeConnection connection);

    /// <summary>The stream of this session is still open and fresh. From the gateway, every few seconds.</summary>
    /// <param name="session">The session.</param>
    /// <param name="connection">How to reach it: a node that was activated anew has forgotten.</param>
    /// <returns>A task.</returns>
    [Alias("KeepConnection")]
    Task KeepConnection(long session, INodeConnection connection);

    /// <summary>The stream broke, or no heartbeat came. From the gateway.</summary>
    /// <param name="session">The session.</param>
    /// <param name="reason">How contact was lost.</param>
    /// <param name="overdue">How long a heartbeat was overdue when that was noticed.</param>
    /// <param name="peers">Whom the agent was told to ask, on this stream; null when it was not told there.</param>
    /// <returns>A task.</returns>
    [Alias("LoseContact")]
    Task LoseContact(
        long session, Reason reason, TimeSpan overdue = default, ImmutableArray<string>? peers = null);

    /// <summary>The agent saw something; when this returns it is stored. From the gateway.</summary>
    /// <param name="session">The session.</param>
    /// <param name="seen">What it saw.</param>
    /// <returns>A task.</returns>
    [Alias("Observe")]
    Task Observe(long session, NodeEvent seen);

    /// <summary>A job asks for a lease. From its warm pool.</summary>
    /// <param name="job">The job.</param>
    /// <param name="duration">How long ranks live without a renewal.</param>
    /// <returns>The lease, or why not.</returns>
    [Alias("Grant")]
    Task<GrantResult> Grant(string job, TimeSpan duration);

    /// <summary>A job orders something under its lease. Idempotent by operation id.</summary>
    /// <param name="order">The order.</param>
    /// <returns>After it was written to the agent's stream, if there is one: the node's report, or a refusal.</returns>
    [Alias("Order")]
    Task<OrderResult> Order(NodeOrder order);

    /// <summary>Passes an order on at once, or not at all: for what the next order of its kind says again.</summary>
    /// <param name="order">The order.</param>
    /// <returns>A task.</returns>
    [Alias("PassOn"), OneWay]
    Task PassOn(NodeOrder order);

    /// <summary>A job's witnesses say that the host is lost.</summary>
    /// <param name="leaseNumber">The job's lease.</param>
    /// <param name="reason">The evidence.</param>
    /// <param name="incident">The incident.</param>
    /// <returns>The node's report; null when the job holds no lease of it.</returns>
    [Alias("Convict")]
    Task<LeaseReport?> Convict(long leaseNumber, Reason reason, string? incident);

    /// <summary>A job's steps say that the host lives.</summary>
    /// <param name="leaseNumber">The job's lease.</param>
    /// <param name="reason">The evidence.</param>
    /// <returns>The node's report; null when the job holds no lease of it.</returns>
    [Alias("Vouch")]
    Task<LeaseReport?> Vouch(long leaseNumber, Reason reason);

    /// <summary>The job has stored a report.</summary>
    /// <param name="leaseNumber">The job's lease.</param>
    /// <param name="version">The report's version.</param>
    /// <returns>A task.</returns>
    [Alias("Acknowledge"), OneWay]
    Task Acknowledge(long leaseNumber, long version);

    /// <summary>News of a GPU in this node. Repeated until acknowledged.</summary>
    /// <param name="verdict">What it means for the node.</param>
    /// <returns>A task.</returns>
    [Alias("Judge"), OneWay]
    Task Judge(DeviceVerdict verdict);

    /// <summary>An owner keeps new work from the node. Repeating it changes nothing.</summary>
    /// <param name="owner">Who asks.</param>
    /// <param name="reason">Why, in the owner's words.</param>
    /// <param name="movesJob">A job on the node is moved, rather than left to end there.</param>
    /// <returns>Whether it changed anything, or why not.</returns>
    [Alias("Drain")]
    Task<CordonResult> Drain(string owner, string reason, bool movesJob);

    /// <summary>An owner gives the node back to work. Repeating it changes nothing.</summary>
    /// <param name="owner">Who asks.</param>
    /// <param name="reason">Why, in the owner's words.</param>
    /// <param name="isForced">Lifts Orchestrator's own cordon, too.</param>
    /// <returns>Whether it changed anything, or why not.</returns>
    [Alias("Resume")]
    Task<CordonResult> Resume(string owner, string reason, bool isForced);

    /// <summary>Activates the node, so that its deadlines run: a node without traffic is not running.</summary>
    /// <returns>A task.</returns>
    [Alias("Wake")]
    Task Wake();

    /// <summary>The stream to its agent, on whichever silo that is.</summary>
    /// <returns>Null while there is none.</returns>
    [Alias("FindConnection"), ReadOnly]
    Task<INodeConnection?> FindConnection();

    /// <summary>The record.</summary>
    /// <returns>The record; its name is empty when no such node ever attached.</returns>
    [Alias("Get"), ReadOnly]
    Task<NodeState> Get();
}

/// <summary>Answer to a request for a lease.</summary>
/// <param name="Grant">The lease; null when refused.</param>
/// <param name="Refusal">Why it was refused.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.GrantResult")]
public sealed record GrantResult(LeaseGrant? Grant, Reason? Refusal);

/// <summary>Answer to an order.</summary>
/// <param name="Report">What the node knows of the lease; null when refused or when the lease ended with it.</param>
/// <param name="Refusal">Why it was refused.</param>
/// <param name="SentAt">When it was written to the agent's stream; null when it waits for one.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.OrderResult")]
public sealed record OrderResult(LeaseReport? Report, Reason? Refusal, DateTimeOffset? SentAt);

/// <summary>Answer to a drain or its end.</summary>
/// <param name="IsChanged">False when it had been asked before, or when there was nothing to lift.</param>
/// <param name="Refusal">Why it was refused; null when it was carried out.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.CordonResult")]
public sealed record CordonResult(bool IsChanged, Reason? Refusal);
