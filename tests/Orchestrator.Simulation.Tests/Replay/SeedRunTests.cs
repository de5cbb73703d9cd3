using Orchestrator.Simulation.Replay;

namespace Orchestrator.Simulation.Tests.Replay;

public sealed class SeedRunTests
{
    private const int Events = 1500;

    [Fact]
    public void Run_SameSeedTwice_IsTheSameRun()
    {
        foreach (var seed in new ulong[] { 1, 2, 3, 4, 5, 6, 7, 8 })
        {
            var lines = new List<string>();
            var again = new List<string>();

            var first = SeedRun.Run(seed, Events, trace: lines.Add);
            var second = SeedRun.Run(seed, Events, trace: again.Add);

            again.ShouldBe(lines, $"seed {seed}");
            second.Digest.ShouldBe(first.Digest);
            second.HealingEvents.ShouldBe(first.HealingEvents);
        }
    }

    [Fact]
    public void Run_TracedOrNot_IsTheSameRun() =>
        SeedRun.Run(11, Events, trace: _ => { }).Digest.ShouldBe(SeedRun.Run(11, Events).Digest);

    [Fact]
    public void Run_OtherSeed_IsAnotherRun() =>
        SeedRun.Run(1, Events).Digest.ShouldNotBe(SeedRun.Run(2, Events).Digest);

    [Fact]
    public void ReplayCommand_OfAResult_NamesSeedAndEvents() =>
        Report.ReplayCommand(SeedRun.Run(5, 10), 10).ShouldBe("orchestrator-sim --seed 5 --events 10 --trace");
}
