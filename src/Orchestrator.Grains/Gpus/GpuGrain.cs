using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Storage;
using Orchestrator.Grains.Nodes;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Grains.Gpus;

/// <summary>Carries the rules of <see cref="GpuDecisions"/>.</summary>
[GrainType("gpu")]
internal sealed class GpuGrain(
    [PersistentState(RecordKinds.Gpu, RecordKinds.Provider)] IPersistentState<GpuState> record, IChangeFeed feed)
    : RecordGrain<GpuState>(record, RecordKinds.Gpu, feed), IGpuGrain
{
    private IGrainTimer? _timer;

    public override Task OnActivateAsync(CancellationToken cancellationToken) => TellAsync();

    public Task Sight(GpuDevice device, string node) => CommitAsync(GpuDecisions.Sight(State, device, node));

    public async Task Observe(DeviceEvidence evidence)
    {
        await CommitAsync(GpuDecisions.Observe(State, evidence));
        await TellAsync();
    }

    public Task Acknowledge(long number) => CommitAsync(GpuDecisions.Acknowledge(State, number));

    public Task<GpuState> Get() => Task.FromResult(State);

    /// <summary>Up: the verdict that the node has not acknowledged. Nobody waits for it.</summary>
    private async Task TellAsync()
    {
        if (State.Pending is not { } verdict)
        {
            _timer?.Dispose();
            _timer = null;
            return;
        }

        await GrainFactory.GetGrain<INodeGrain>(verdict.Node).Judge(verdict);
        _timer ??= this.RegisterGrainTimer(TellAsync, new GrainTimerCreationOptions(RepeatAfter, RepeatAfter)
        {
            KeepAlive = true,
        });
    }
}
