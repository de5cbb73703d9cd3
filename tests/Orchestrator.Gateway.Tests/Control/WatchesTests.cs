using Orchestrator.Gateway.Control;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Tests.Control;

public sealed class WatchesTests
{
    [Fact]
    public void IsNews_OnlyTimeHasPassed_IsNone()
    {
        var sent = Seen(seconds: 10, step: 5);

        Watches.IsNews(Seen(seconds: 11, step: 5), sent).ShouldBeFalse();
        Watches.IsNews(Seen(seconds: 11, step: 6), sent).ShouldBeTrue();
        Watches.IsNews(sent, null).ShouldBeTrue();
    }

    private static Job Seen(double seconds, ulong step) => new()
    {
        Id = "job",
        Step = step,
        Goodput = 1 / seconds,
        Accounts = { new AccountTime { Name = "launching", Seconds = seconds } },
    };
}
