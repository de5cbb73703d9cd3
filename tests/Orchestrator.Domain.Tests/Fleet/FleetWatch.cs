using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Jobs;
using Orchestrator.Domain.Tests.Nodes;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>Looks at every change of every record, and at the hosts' truth, for what must never be.</summary>
internal sealed class FleetWatch(VirtualFleet fleet)
{
    private long _verdicts;

    public long NextVerdict() => ++_verdicts;

    public static string Describe(VirtualFleet fleet) => string.Join(
        '\n',
        fleet.Nodes.Select(node =>
            $"{node.Name}: {node.State.Phase} ({node.State.Reason.Sentence}) connected {node.State.IsConnected}, "
            + $"lease {node.State.Lease?.Number} {node.State.Lease?.Job} {node.State.Lease?.Phase}, "
            + $"remains {node.State.Remains.Length}, cordons {node.State.Cordons.Length}").Concat(
            fleet.Jobs.Select(job =>
                $"{job.Id}: {job.State.Phase} ({job.State.Reason.Sentence}) attempt {job.State.Attempt}, gang "
                + string.Join(' ', job.State.Gang.Select(member => $"{member.Node}/{member.LeaseNumber}"
                    + $"/{member.Replacement}/{member.Report?.Phase}")))));

    public void Node(NodeState before, NodeState after) => NodeRules.Check(before, after);

    public void Job(JobState before, JobState after) => JobRules.Check(before, after);

    /// <summary>What holds between the records, and between them and the truth.</summary>
    public void Fleet()
    {
        foreach (var job in fleet.Jobs)
        {
            job.State.Gang.Where(member => !member.IsGivenBack).Select(member => member.Node)
                .ShouldBeUnique($"{job.Id} holds a node twice");
        }

        var heard = fleet.Hosts.Where(IsHeard).ToArray();
        foreach (var host in heard.Where(host => fleet.Node(host.Name).State.IsAvailable))
        {
            host.Running.ShouldBeEmpty($"{host.Name} is free, but runs ranks");
        }

        var ranks = heard.Where(host => fleet.Node(host.Name).State.Remains.IsEmpty).SelectMany(host => host.Running);
        foreach (var job in ranks.GroupBy(rank => rank.Job))
        {
            var attempts = job.Select(rank => rank.Attempt).Distinct().Order().ToArray();
            attempts.Length.ShouldBe(1, $"{job.Key} runs attempts {string.Join(" and ", attempts)} at the same time");
        }
    }

    /// <summary>A host that obeys and is heard: of others only the end of the lease is certain.</summary>
    private bool IsHeard(VirtualHost host)
    {
        var node = fleet.Node(host.Name).State;
        return host is { CanTalk: true, IsStubborn: false, Stream: { IsOpen: true, SilentSeconds: 0 } stream }
            && node.IsConnected && node.SessionNumber == stream.Session;
    }
}
