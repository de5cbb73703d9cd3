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

    /// <summary>
    /// Everything the watch says; once it has said something, a lost connection is opened again. What stands is then
    /// said once more.
    /// </summary>
    public static async IAsyncEnumerable<T> WatchAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open,
        CommandContext context,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? lostSince = null;
        var hasSpoken = false;
        while (true)
        {
            var source = open(cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var closing = source.ConfigureAwait(false);
            while (true)
            {
                try
                {
                    if (!await source.MoveNextAsync().ConfigureAwait(false))
                        yield break;
                }
                catch (OrchestratorException lost) when (lost.Kind == OrchestratorErrorKind.Unreachable && hasSpoken)
                {
                    lostSince = BeginOrContinue(lostSince, lost, context);
                    break;
                }

                hasSpoken = true;
                lostSince = null;
                yield return source.Current;
            }

            await Task.Delay(Pause, context.Environment.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static long BeginOrContinue(long? lostSince, OrchestratorException lost, CommandContext context)
    {
        var time = context.Environment.Time;
        if (lostSince is { } since)
            return time.GetElapsedTime(since) < Patience ? since : throw lost;
        context.Environment.Error.WriteLine(
            $"Lost the control plane at {context.Client.Server}; trying for {Patience.TotalSeconds:0} s. "
            + "Jobs go on meanwhile.");
        return time.GetTimestamp();
    }
}
