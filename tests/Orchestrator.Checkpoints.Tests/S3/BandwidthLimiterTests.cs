using Microsoft.Extensions.Time.Testing;
using Orchestrator.Checkpoints.S3;

namespace Orchestrator.Checkpoints.Tests.S3;

public sealed class BandwidthLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Take_WithinTheBurst_DoesNotWait() =>
        new BandwidthLimiter(1000, _time).TakeAsync(100).IsCompleted.ShouldBeTrue();

    [Fact]
    public void Take_WithoutALimit_NeverWaits() =>
        new BandwidthLimiter(0, _time).TakeAsync(int.MaxValue).IsCompleted.ShouldBeTrue();

    [Fact]
    public async Task Take_BeyondTheBurst_WaitsForItsShare()
    {
        var limiter = new BandwidthLimiter(1000, _time);
        await limiter.TakeAsync(100);
        var first = limiter.TakeAsync(500);
        var second = limiter.TakeAsync(500);

        _time.Advance(TimeSpan.FromMilliseconds(500));
        await first;
        second.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(500));
        await second;
    }

    [Fact]
    public async Task Take_AfterALongPause_HasOnlyTheBurst()
    {
        var limiter = new BandwidthLimiter(1000, _time);
        _time.Advance(TimeSpan.FromHours(1));

        await limiter.TakeAsync(100);

        limiter.TakeAsync(100).IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(1000, 0)]
    [InlineData(500, 1000)]
    [InlineData(1000, 500)]
    public async Task Take_OfTwoBounds_WaitsForTheTighter(long own, long outer)
    {
        var limiter = new BandwidthLimiter(own, _time, new BandwidthLimiter(outer, _time));
        var tighter = own == 0 ? outer : outer == 0 ? own : Math.Min(own, outer);
        await limiter.TakeAsync((int)(tighter / 10));
        var sent = limiter.TakeAsync((int)tighter);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        sent.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await sent;
    }

    [Fact]
    public async Task Take_BesideOthersOfTheHost_WaitsForTheirs()
    {
        var host = new BandwidthLimiter(1000, _time);
        await new BandwidthLimiter(0, _time, host).TakeAsync(100);

        new BandwidthLimiter(0, _time, host).TakeAsync(1).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Take_Cancelled_EndsTheWait()
    {
        using var cancel = new CancellationTokenSource();
        var wait = new BandwidthLimiter(1, _time).TakeAsync(1000, cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(wait);
    }
}
