using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Agent.Commands;

/// <summary>Finds TCP ports for rendezvous.</summary>
internal sealed class FreePort(Random random)
{
    // Below the range from which the kernel takes ports for outgoing connections: a port out of that range could be
    // taken by any connection between the probe and the rendezvous.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;
    private const int Tries = 200;
    private readonly Lock _gate = new();
    private int _last;

    /// <summary>A port on which this host can listen now, and not the one found before.</summary>
    /// <exception cref="IOException">Not one of many ports was free.</exception>
    public int Find()
    {
        lock (_gate)
        {
            for (var attempt = 0; attempt < Tries; attempt++)
            {
                var port = random.Next(Lowest, Highest);
                if (port != _last && CanListen(port))
                    return _last = port;
            }
        }

        throw new IOException($"None of {Tries} ports between {Lowest} and {Highest} is free on this host.");
    }

    private static bool CanListen(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.DualMode = true;
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressFamilyNotSupported)
        {
            return CanListenOnVersion4(port);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    private static bool CanListenOnVersion4(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
