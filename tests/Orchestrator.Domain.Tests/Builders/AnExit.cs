using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Tests.Builders;

/// <summary>Ends of ranks.</summary>
internal static class AnExit
{
    public static RankExit Clean { get; } = new();

    public static RankExit Stopped { get; } = new() { Signal = 9, WasStopped = true };

    public static RankExit LeaseRanOut { get; } = new() { Signal = 9, LeaseExpired = true };

    /// <summary>The script's own fault.</summary>
    public static RankExit Crash(double atSeconds = 0) => new()
    {
        Code = 1,
        LastLines = "Traceback (most recent call last):\n  File \"train.py\", line 7\nValueError: loss is nan",
        At = Moments.At(atSeconds),
    };

    /// <summary>What gloo writes when the other side of a connection is gone.</summary>
    public static RankExit LostPeer(string? address = null, double atSeconds = 0) => new()
    {
        Code = 1,
        LastLines = address is null
            ? "RuntimeError: Connection reset by peer"
            : $"RuntimeError: [pair.cc:598] Connection closed by peer [{address}]:43125",
        At = Moments.At(atSeconds),
    };
}
