using Orchestrator.Storage.Sqlite;

namespace Orchestrator.Storage.Tests.Sqlite;

public sealed class WriteTurnsTests : IDisposable
{
    private readonly WriteTurns _turns = new(limit: 2);
    private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Run_SeveralWrites_TheyRunOneByOneInTheirOrder()
    {
        var order = new List<int>();
        var first = Run(async () => { await _blocked.Task; order.Add(1); });
        var second = Run(() => { order.Add(2); return Task.CompletedTask; });
        var third = Run(() => { order.Add(3); return Task.CompletedTask; });
        order.ShouldBeEmpty();

        _blocked.SetResult();
        await Task.WhenAll(first, second, third);

        order.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Run_MoreWaitThanMay_TheLastIsRefusedAndTheOthersGoOn()
    {
        var first = Run(() => _blocked.Task);
        Task[] waiting = [Run(() => Task.CompletedTask), Run(() => Task.CompletedTask)];

        var error = await Should.ThrowAsync<StorageBusyException>(() => Run(() => Task.CompletedTask));

        error.Message.ShouldContain("2 writes wait");
        _blocked.SetResult();
        await Task.WhenAll([first, .. waiting]);
        await Run(() => Task.CompletedTask);
    }

    [Fact]
    public async Task Run_AWriteFails_TheNextStillRuns()
    {
        await Should.ThrowAsync<InvalidOperationException>(
            () => Run(() => throw new InvalidOperationException("disk")));

        await Run(() => Task.CompletedTask);
    }

    [Fact]
    public async Task Run_CancelledWhileItWaits_ItNeverRuns()
    {
        using var cancellation = new CancellationTokenSource();
        var first = Run(() => _blocked.Task);
        var ran = false;
        var second = _turns.RunAsync(() => { ran = true; return Task.CompletedTask; }, cancellation.Token);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        _blocked.SetResult();
        await first;

        ran.ShouldBeFalse();
        await Run(() => Task.CompletedTask);
    }

    public void Dispose() => _turns.Dispose();

    private Task Run(Func<Task> write) => _turns.RunAsync(write, CancellationToken.None);
}
