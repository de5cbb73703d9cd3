using Orchestrator.Domain.Ranks;

namespace Orchestrator.Grains.Tests.Fleet;

/// <summary>How ranks end.</summary>
internal static class Exits
{
    public static RankExit PeerLost => new()
    {
        Code = 1,
        LastLines = "RuntimeError: [gloo/transport/tcp/pair.cc] Connection closed by peer [127.0.0.1]:40001",
        At = DateTimeOffset.UtcNow,
    };

    public static RankExit Success => new() { At = DateTimeOffset.UtcNow };

    public static RankExit Crash => new()
    {
        Code = 1,
        LastLines = "Traceback (most recent call last):\nValueError: the loss is not a number",
        At = DateTimeOffset.UtcNow,
    };
}
