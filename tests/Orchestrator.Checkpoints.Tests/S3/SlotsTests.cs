using Orchestrator.Checkpoints.S3;

namespace Orchestrator.Checkpoints.Tests.S3;

public sealed class SlotsTests
{
    [Fact]
    public async Task Wait_LeastNumberGoesFirst_ThenWhoCameFirst()
    {
        var slots = new Slots(1);
        await slots.WaitAsync(9, default);
        Task[] waiting = [slots.WaitAsync(2, default), slots.WaitAsync(1, default), slots.WaitAsync(1, default)];

        foreach (var next in new[] { 1, 2, 0 })
        {
            slots.Release();
            await waiting[next];
        }
    }

    [Fact]
    public async Task Wait_Cancelled_TakesNoSlot()
    {
        var slots = new Slots(1);
        await slots.WaitAsync(0, default);
        using var cancel = new CancellationTokenSource();
        var cancelled = slots.WaitAsync(0, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);

        slots.Release();

        await slots.WaitAsync(0, default);
    }
}
