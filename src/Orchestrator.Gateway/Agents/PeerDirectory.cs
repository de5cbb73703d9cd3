using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Storage;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Agents;

/// <summary>
/// Knows the fleet, as records say: who should be in contact, and which agents can be asked by others when the control
/// plane is not heard. What is some seconds old does little harm: of a sample, a majority is enough.
/// </summary>
internal sealed partial class PeerDirectory(IReadModel readModel, TimeProvider time, ILogger<PeerDirectory> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private IReadOnlyList<NodeState> _nodes = [];
    private IReadOnlyDictionary<string, IReadOnlyList<Proto.Peer>> _samples =
        new Dictionary<string, IReadOnlyList<Proto.Peer>>();

    /// <summary>Nodes whose agents should be in contact; null until the directory has read them.</summary>
    public IReadOnlyCollection<string>? InService { get; private set; }

    /// <summary>Whom the agent of a node asks.</summary>
    /// <param name="node">The node.</param>
    /// <returns>Others; null until the directory knows the node.</returns>
    public IReadOnlyList<Proto.Peer>? SampleFor(string node) => _samples.GetValueOrDefault(node);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                Take(await readModel.ListAsync<NodeState>(RecordKinds.Node, stoppingToken));
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // What was known stays good while the database is away.
                LogUnread(logger, error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Take(IReadOnlyList<NodeState> nodes)
    {
        var inService = nodes.Where(NodeContact.IsExpected).ToArray();
        InService = [.. inService.Select(node => node.Name)];
        NodeState[] known =
        [
            .. inService.Where(node => node.PeerAddress.Length > 0)
                .OrderBy(node => node.Name, StringComparer.Ordinal),
        ];
        if (known.Select(Identity).SequenceEqual(_nodes.Select(Identity)))
        {
            return;
        }

        var addresses = known.ToDictionary(node => node.Name, node => node.PeerAddress, StringComparer.Ordinal);
        var places = known.Select(node => (node.Name, node.Labels.GetValueOrDefault(Topology.RackLabel))).ToArray();
        _samples = known.ToDictionary(
            node => node.Name,
            node => (IReadOnlyList<Proto.Peer>)
            [
                .. Isolation.Sample(node.Name, places)
                    .Select(name => new Proto.Peer { Node = name, Address = addresses[name] }),
            ],
            StringComparer.Ordinal);
        _nodes = known;
    }

    private static (string Name, string Address, string? Rack) Identity(NodeState node) =>
        (node.Name, node.PeerAddress, node.Labels.GetValueOrDefault(Topology.RackLabel));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The nodes cannot be read for the samples of agents: {Error}")]
    private static partial void LogUnread(ILogger logger, string error);
}
