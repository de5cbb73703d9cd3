using System.Collections.Concurrent;

namespace Orchestrator.Gateway.Agents;

/// <summary>The streams that this silo holds, by node. A newer session takes the place of an older one.</summary>
internal sealed class ConnectionTable
{
    private readonly ConcurrentDictionary<string, AgentConnection> _connections = new(StringComparer.Ordinal);

    public void Add(AgentConnection connection) => _connections[connection.Node] = connection;

    public void Remove(AgentConnection connection) =>
        _connections.TryRemove(KeyValuePair.Create(connection.Node, connection));

    public AgentConnection? Find(string node) => _connections.GetValueOrDefault(node);
}
