using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Logs;

/// <summary>Reads what ranks wrote, also of ranks that were released long ago.</summary>
internal sealed class LogSource(StateFolder state, RankTable table, TimeProvider time)
{
    private static readonly TimeSpan FollowPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Gives the log in pieces, the last one marked as such.</summary>
    public async IAsyncEnumerable<LogChunk> ReadAsync(
        ReadLog request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = new RankKey(request.JobId, request.Attempt, request.Rank);
        var folder = RankFolder.Of(state, key);
        if (!SafeName.IsValid(request.JobId) || !Directory.Exists(folder.Path))
        {
            yield return Failed(request, "no_such_log", $"This host has no log of {key}.");
            yield break;
        }

        using var log = new LogFile(request.IsStderr ? folder.StandardError : folder.StandardOutput);
        log.Seek(request);
        while (true)
        {
            // Asked before the read: what the rank wrote before its end is then in the file.
            var isOver = !request.Follow || table.Find(key) is not { IsRunning: true };
            var offset = (ulong)log.Position;
            var data = await log.ReadAsync(cancellationToken);
            if (data.Length > 0)
                yield return new LogChunk { RequestId = request.RequestId, Data = data, Offset = offset };
            else if (isOver)
                break;
            else
                await Task.Delay(FollowPoll, time, cancellationToken);
        }

        yield return new LogChunk { RequestId = request.RequestId, IsLast = true };
    }

    public static LogChunk Failed(ReadLog request, string code, string sentence) => new()
    {
        RequestId = request.RequestId,
        IsLast = true,
        Failure = new Reason { Code = code, Sentence = sentence },
    };
}
