using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>Ports for agents that must be told theirs.</summary>
internal static class FreePorts
{
    /// <summary>A port that is free now; the kernel gives out all others before it gives the same again.</summary>
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Any, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
