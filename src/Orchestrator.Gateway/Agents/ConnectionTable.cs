using System.Collections.Concurrent;

namespace Orchestrator.Gateway.Agents;

/// <summary>The streams that this silo holds, by node. A newer session takes the place of an older one.</summary>
internal sealed class ConnectionTable
{
    private readonly ConcurrentDictionary<string, AgentConnection> _connections = new(StringComparer.Ordinal);

    public void Add(AgentConnection connection)
    {
        var displaced = _connections.GetValueOrDefault(connection.Node);
        _connections[connection.Node] = connection;
        _ = displaced?.Close(new("newer_session", "The agent opened a newer stream."));
    }

    public void Remove(AgentConnection connection) =>
        _connections.TryRemove(KeyValuePair.Create(connection.Node, connection));

    /// <summary>Nodes whose agents are heard on this silo, and know it.</summary>
    public IEnumerable<string> Heard =>
        _connections.Values.Where(connection => connection.IsHeard).Select(connection => connection.Node);
}
