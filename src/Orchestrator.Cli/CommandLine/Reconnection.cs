using System.Runtime.CompilerServices;
using Orchestrator.Client;

namespace Orchestrator.Cli.CommandLine;

/// <summary>
/// Keeps a watch open over a restart of the control plane: jobs outlive it, so those who watch them do too.
/// </summary>
internal static class Reconnection
{
    /// <summary>A control plane that is away for longer than this needs a person.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>A connection that lasted longer than an attempt to open one can take was a real one.</summary>
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Everything the watch says, without an end: a lost connection is opened again, and what stands is then said once
    /// more. Callers make one ordinary call before, so that a wrong address fails at once.
    /// </summary>
    /// <exception cref="OrchestratorException">The control plane refused, or stayed away.</exception>
    public static async IAsyncEnumerable<T> WatchAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open,
        CommandContext context,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var time = context.Environment.Time;
        long? lostSince = null;
        while (true)
        {
            var opened = time.GetTimestamp();
            var source = open(cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var closing = source.ConfigureAwait(false);
            OrchestratorException? lost;
            while ((lost = await AdvanceAsync(source).ConfigureAwait(false)) is null)
            {
                lostSince = null;
                yield return source.Current;
            }

            if (time.GetElapsedTime(opened) > LongestAttempt)
                lostSince = null;
            lostSince = BeginOrContinue(lostSince, lost, context);
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Moves on to the next message; says why where the connection was lost instead.</summary>
    private static async Task<OrchestratorException?> AdvanceAsync<T>(IAsyncEnumerator<T> source)
    {
        try
        {
            return await source.MoveNextAsync().ConfigureAwait(false) ? null : new OrchestratorException(
                OrchestratorErrorKind.Unreachable, "watch_ended", "The control plane ended the watch.");
        }
        catch (OrchestratorException lost) when (lost.Kind == OrchestratorErrorKind.Unreachable)
        {
            return lost;
        }
    }

    private static long BeginOrContinue(long? lostSince, OrchestratorException lost, CommandContext context)
    {
        var time = context.Environment.Time;
        if (lostSince is { } since)
            return time.GetElapsedTime(since) < Patience ? since : throw lost;
        var servers = string.Join(" or ", context.Client.Servers.Select(server => server.Authority));
        context.Environment.Error.WriteLine(
            $"Lost the control plane at {servers}; trying for {Patience.TotalSeconds:0} s. "
            + "Jobs go on meanwhile.");
        return time.GetTimestamp();
    }
}
