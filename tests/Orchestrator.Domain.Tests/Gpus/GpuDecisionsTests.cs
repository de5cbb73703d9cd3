using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Gpus;

public sealed class GpuDecisionsTests
{
    private static readonly GpuDevice Device = new("GPU-0", "H100", 0, 80L << 30, IsVirtual: false);

    [Fact]
    public void Sight_MovedToAnotherHost_KeepsItsHistory()
    {
        var moved = GpuDecisions.Sight(GpuDecisions.Sight(new GpuState(), Device, "n0"), Device, "n1");

        moved.Hosts.ShouldBe(["n0", "n1"]);
        GpuDecisions.Sight(moved, Device, "n1").ShouldBeSameAs(moved);
    }

    [Fact]
    public void Observe_Evidence_MakesAVerdictForItsNode()
    {
        var pending = GpuDecisions.Observe(new GpuState(), Fault("xid_79", isFatal: true)).Pending.ShouldNotBeNull();

        pending.IsFatal.ShouldBeTrue();
        pending.Number.ShouldBe(1);
        pending.Reason.Sentence.ShouldBe("GPU GPU-0 of n0: xid_79 from kernel_log: It fell off the bus.");
    }

    [Fact]
    public void Observe_WarningAfterAFatalVerdictThatNobodyHeard_StaysFatal()
    {
        var fatal = GpuDecisions.Observe(new GpuState(), Fault("xid_79", isFatal: true));

        var pending = GpuDecisions.Observe(fatal, Fault("ecc_warning", isFatal: false)).Pending!;

        pending.IsFatal.ShouldBeTrue();
        pending.Number.ShouldBe(2);
        pending.Reason.ShouldBe(fatal.Pending!.Reason);
    }

    [Fact]
    public void Observe_TheSameTwice_ChangesNothingTheSecondTime()
    {
        var state = GpuDecisions.Observe(new GpuState(), Fault("xid_79", isFatal: true));

        GpuDecisions.Observe(state, state.Faults[0]).ShouldBeSameAs(state);
    }

    [Fact]
    public void Observe_SameOccurrenceToldAgainLater_ChangesNothing()
    {
        var first = Fault("xid_79", isFatal: true) with { Occurrence = "boot-1/7" };
        var state = GpuDecisions.Acknowledge(GpuDecisions.Observe(new GpuState(), first), 1);

        GpuDecisions.Observe(state, first with { At = Moments.At(60), Detail = "Told by a restarted agent." })
            .ShouldBeSameAs(state);
    }

    [Theory]
    [InlineData("boot-1/8", "xid_79", "kernel_log")]
    [InlineData("boot-1/7", "xid_48", "kernel_log")]
    [InlineData("boot-1/7", "xid_79", "probe")]
    public void Observe_AnotherOccurrenceCodeOrSource_IsNew(string occurrence, string code, string source)
    {
        var first = Fault("xid_79", isFatal: true) with { Occurrence = "boot-1/7" };
        var state = GpuDecisions.Acknowledge(GpuDecisions.Observe(new GpuState(), first), 1);

        GpuDecisions.Observe(state, first with { Occurrence = occurrence, Code = code, Source = source })
            .Pending!.Number.ShouldBe(2);
    }

    [Fact]
    public void Acknowledge_OlderNumber_KeepsTheNewerVerdict()
    {
        var state = GpuDecisions.Observe(
            GpuDecisions.Observe(new GpuState(), Fault("a", isFatal: false)), Fault("b", isFatal: false));

        GpuDecisions.Acknowledge(state, 1).ShouldBeSameAs(state);
        GpuDecisions.Acknowledge(state, 2).Pending.ShouldBeNull();
    }

    [Fact]
    public void History_IsBounded()
    {
        var state = new GpuState();
        for (var number = 0; number < 200; number++)
        {
            state = GpuDecisions.Observe(state, Fault($"code_{number}", isFatal: false));
            state = GpuDecisions.Sight(state, Device, $"n{number}");
        }

        state.Faults.Length.ShouldBe(Limits.GpuHistory);
        state.Hosts.Length.ShouldBe(Limits.GpuHistory);
        state.Faults[^1].Code.ShouldBe("code_199");
    }

    private static DeviceEvidence Fault(string code, bool isFatal) =>
        new("GPU-0", "n0", "kernel_log", code, "It fell off the bus.", isFatal, Moments.Start);
}
