using Orchestrator.Domain.Gpus;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Grains;

/// <summary>A GPU's grain in memory: the calls of the real one in the same order, without a runtime.</summary>
internal sealed class GpuActivation : Activation<GpuState>
{
    private Repetition _told;

    public GpuActivation(VirtualWorld world, string uuid)
        : base(world, uuid, world.Gpus, new GpuState()) => Tell();

    public override TimeSpan? NextLook => State.Pending is { } verdict ? _told.Pause(Subject(verdict), Now) : null;

    public void Sight(GpuDevice device, string node) => Commit(GpuDecisions.Sight(State, device, node));

    public void Observe(DeviceEvidence evidence)
    {
        Commit(GpuDecisions.Observe(State, evidence));
        Tell();
    }

    public void Acknowledge(long number) => Commit(GpuDecisions.Acknowledge(State, number));

    public override void Tick() => Tell();

    protected override void Stored(GpuState before, GpuState after) => World.Watch.GpuStored(before, after);

    private void Tell()
    {
        if (State.Pending is not { } verdict || !_told.IsDue(Subject(verdict), Now))
        {
            return;
        }

        _told = _told.Send(Subject(verdict), Now);
        World.Mail.Post("verdict", verdict.Node, () => World.Node(verdict.Node).Call(node => node.Judge(verdict)));
    }

    private static string Subject(DeviceVerdict verdict) => verdict.Number.ToString(
        System.Globalization.CultureInfo.InvariantCulture);
}
