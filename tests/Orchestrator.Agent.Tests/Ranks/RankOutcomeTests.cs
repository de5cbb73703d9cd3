using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Tests.Ranks;

public class RankOutcomeTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(128, 128, 0)]
    [InlineData(137, 0, 9)]
    [InlineData(255, 255, 0)]
    public void Signal_OfShellStatus_IsToldFromACode(int status, int code, int signal)
    {
        var outcome = new RankOutcome(status, TimeSpan.Zero, LeaseExpired: false, WasStopped: false);

        outcome.Code.ShouldBe(code);
        outcome.Signal.ShouldBe(signal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("137")]
    [InlineData("x 5")]
    public void Parse_NotWhole_IsNull(string text) => RankOutcome.Parse(text).ShouldBeNull();
}
