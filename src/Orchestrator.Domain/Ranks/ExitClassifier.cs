using System.Text.RegularExpressions;

namespace Orchestrator.Domain.Ranks;

/// <summary>Tells a rank that failed from one that merely noticed.</summary>
/// <remarks>
/// Failures cascade: one rank's death ends every collective, and each survivor ends with an error of its own within
/// 70 to 300 ms on gloo. Only words that a communication library writes about its peer count as "noticed".
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

        return PeerLostWords().IsMatch(exit.LastLines) ? ExitClass.PeerLost : ExitClass.OwnExit;
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

    // gloo (transport/tcp), NCCL 2.x (remote error, socket, watchdog), torch TCPStore and Python's own socket errors.
    [GeneratedRegex(
        "Connection closed by (remote )?peer|Connection reset by peer|Connection refused|Broken pipe"
        + "|ConnectionResetError|BrokenPipeError|ncclRemoteError|remote process exited|NCCL communicator was aborted"
        + "|Watchdog caught collective operation timeout|Application timeout caused pair closure"
        + "|client socket has timed out|Connection was likely closed|Socket Timeout"
        + "|Timed out waiting .* (recv|send) operation",
        RegexOptions.CultureInvariant)]
    private static partial Regex PeerLostWords();

    [GeneratedRegex(@"(closed|reset) by peer \[(?<address>[0-9a-fA-F:.]+?)\](:\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Blame();
}
