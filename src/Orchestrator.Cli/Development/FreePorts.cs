using System.Net;
using System.Net.Sockets;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development;

/// <summary>Chooses ports for a cluster.</summary>
/// <remarks>
/// They lie below the range from which the kernel takes ports of outgoing connections. A port inside it could be taken
/// while the silo restarts, even by an agent that knocks at it: a connection from a port to itself succeeds.
/// </remarks>
internal static class FreePorts
{
    private const int Lowest = 10_000;

    /// <summary>Below the kernel's default range, which begins at 32,768.</summary>
    private const int Highest = 32_000;

    private const int MaximumTries = 1_000;

    /// <summary>Ports that are free now, all different.</summary>
    public static IReadOnlyList<int> Choose(int count, Random random)
    {
        var chosen = new List<int>();
        for (var tries = 0; tries < MaximumTries && chosen.Count < count; tries++)
        {
            var port = random.Next(Lowest, Highest);
            if (!chosen.Contains(port) && IsFree(port))
                chosen.Add(port);
        }

        return chosen.Count == count ? chosen : throw new CliException(
            ExitCode.Failed, $"No {count} free ports were found between {Lowest} and {Highest} on 127.0.0.1.");
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            // Taken, or not ours to take; either way not free.
            return false;
        }
    }
}
