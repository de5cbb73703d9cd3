using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs.Logs;

/// <summary>What of a job's output is asked for.</summary>
internal sealed record LogQuery
{
    public required string JobId { get; init; }

    /// <summary>0: the newest.</summary>
    public uint Attempt { get; init; }

    /// <summary>True: standard error too.</summary>
    public bool HasError { get; init; }

    /// <summary>True: standard output too.</summary>
    public bool HasOutput { get; init; }

    /// <summary>Begin this many bytes before the end of each log; 0: at its beginning.</summary>
    public ulong TailBytes { get; init; }

    /// <summary>Begin this many lines before the end of each log; 0: see <see cref="TailBytes"/>.</summary>
    public ulong TailLines { get; init; }

    public bool Follow { get; init; }

    /// <summary>The logs of one rank that are asked for: false for standard output, true for standard error.</summary>
    public IEnumerable<bool> Streams
    {
        get
        {
            if (HasOutput)
                yield return false;
            if (HasError)
                yield return true;
        }
    }

    public ReadLogsRequest RequestFor(uint rank, uint attempt, bool isError) => new()
    {
        JobId = JobId,
        Rank = rank,
        Attempt = attempt,
        IsStderr = isError,
        TailBytes = TailBytes,
        TailLines = TailLines,
        Follow = Follow,
    };
}
