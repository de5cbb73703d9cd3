using System.Text.RegularExpressions;

namespace Orchestrator.Domain.Ranks;

/// <summary>Tells a rank that failed from one that merely noticed.</summary>
/// <remarks>
/// Failures cascade: one rank's death ends every collective, and each survivor ends with an error of its own within
/// 70 to 300 ms on gloo. Only words that a communication library writes about its peers or its rendezvous count as
/// "noticed". What Python's own sockets say ("[Errno 111] Connection refused") is about a service of the script's,
/// and a script that cannot reach its database fails by its own fault.
/// </remarks>
public static partial class ExitClassifier
{
    /// <summary>Classifies one exit.</summary>
    /// <param name="exit">How the rank ended.</param>
    /// <returns>Its class.</returns>
    public static ExitClass Classify(RankExit exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        if (exit.WasStopped || exit.LeaseExpired)
        {
            return ExitClass.Stopped;
        }

        if (exit.IsSuccess)
        {
            return ExitClass.Finished;
        }

        var words = Warnings().Replace(exit.LastLines, "");
        return Gloo().IsMatch(words) || Nccl().IsMatch(words) || Rendezvous().IsMatch(words)
            ? ExitClass.PeerLost
            : ExitClass.OwnExit;
    }

    /// <summary>The address that a cascading exit blames.</summary>
    /// <param name="exit">How the rank ended.</param>
    /// <returns>The address without its port, or null when none is named.</returns>
    public static string? BlamedAddress(RankExit exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        var match = Blame().Match(exit.LastLines);
        return match.Success ? match.Groups["address"].Value : null;
    }

    // torch warns of each connection that it tries again, also in healthy runs: "[W socket.cpp:601] [c10d] The client
    // socket has failed to connect to [host]:29500 (errno: 111 - Connection refused)."
    [GeneratedRegex(@"^\[W\d* .*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Warnings();

    // gloo puts its source file before its words, and the peer's address in brackets:
    // "[…/gloo/transport/tcp/pair.cc:598] Connection closed by peer [10.0.0.4]:43125".
    [GeneratedRegex(
        @"(gloo/|pair\.cc|buffer\.cc).*(closed by peer|reset by peer|Connection refused|timed out|No route to host"
        + @"|Broken pipe|Connect timeout)"
        + @"|Connection (closed|reset) by peer \[|Timed out waiting \d+ms for (recv|send) operation"
        + "|Application timeout caused pair closure|(failed to pass|timed out in) monitoredBarrier",
        RegexOptions.CultureInvariant)]
    private static partial Regex Gloo();

    // NCCL writes a peer as "10.0.0.4<43125>"; the watchdog is torch's, around NCCL.
    [GeneratedRegex(
        @"ncclRemoteError|remote process exited or there was a network error|Connection closed by remote peer"
        + @"|(Call|[Cc]onnect) to .*<\d+> (failed|returned)|Got completion from peer"
        + "|NCCL communicator was aborted|Watchdog caught collective operation timeout",
        RegexOptions.CultureInvariant)]
    private static partial Regex Nccl();

    // torch's TCPStore, through which the ranks of a gang find each other. Older versions pass on the bare words of
    // the operating system as the whole message of a RuntimeError.
    [GeneratedRegex(
        "The client socket has (failed to connect|timed out)|Connection was likely closed|failed on SocketImpl"
        + @"|(RuntimeError|Dist\w+Error|TimeoutError): Socket Timeout"
        + @"|^(RuntimeError|(torch\.distributed\.)?Dist\w+Error): "
        + @"(Connection (refused|reset by peer|timed out)|Broken pipe)\s*$"
        + @"|store->get\(.*\) got error|wait timeout after \d+ms, keys|Timed out initializing process group"
        + @"|Timed out after \d+ seconds waiting for clients",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Rendezvous();

    [GeneratedRegex(
        @"((closed|reset) by peer|Read error|writev|connect) \[(?<address>[0-9a-fA-F:.]+?)\](:\d+)?",
        RegexOptions.CultureInvariant)]
    private static partial Regex Blame();
}
