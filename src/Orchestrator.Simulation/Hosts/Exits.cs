using Orchestrator.Domain.Ranks;

namespace Orchestrator.Simulation.Hosts;

/// <summary>How ranks end, and their last words.</summary>
internal static class Exits
{
    public static readonly RankExit Clean = new();

    public static readonly RankExit Stopped = new() { Signal = 9, WasStopped = true };

    public static readonly RankExit LeaseRanOut = new() { Signal = 9, LeaseExpired = true };

    /// <summary>The script's own fault.</summary>
    public static readonly RankExit Crash = new()
    {
        Code = 1,
        LastLines = "Traceback (most recent call last):\n  File \"train.py\", line 7\nValueError: loss is nan",
    };

    /// <summary>The kernel ended it for want of memory: its own fault, too.</summary>
    public static readonly RankExit OutOfMemory = new() { Signal = 9, LastLines = "step 17" };

    /// <summary>What a watchdog of collectives writes about a peer that says nothing.</summary>
    public static readonly RankExit PeerSilent = new()
    {
        Code = 1,
        LastLines = "Watchdog caught collective operation timeout: WorkNCCL(OpType=ALLREDUCE)",
    };

    public static readonly RankExit PeerGone = new() { Code = 1, LastLines = "RuntimeError: Connection reset by peer" };

    /// <summary>What gloo writes when it knows whose connection broke.</summary>
    public static RankExit PeerGoneAt(string address) => new()
    {
        Code = 1,
        LastLines = $"RuntimeError: [gloo/transport/tcp/pair.cc:598] Connection closed by peer [{address}]:43125",
    };
}
