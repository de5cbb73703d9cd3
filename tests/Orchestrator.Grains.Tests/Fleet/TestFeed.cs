using System.Threading.Channels;
using Orchestrator.Domain.Jobs;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Grains.Tests.Fleet;

/// <summary>Tells tests that a record was written, so that they wait for the event and never for a time.</summary>
public sealed class TestFeed : IChangeFeed, IProgressBoard, IFleetContact
{
    private readonly Lock _lock = new();
    private readonly List<Channel<bool>> _waiters = [];
    private readonly Dictionary<(string, int), JobProgress> _progress = [];

    /// <summary>For how long enough of the fleet is heard to count one host's silence.</summary>
    public TimeSpan? FleetHeardFor { get; set; } = TimeSpan.FromDays(1);

    public TimeSpan? HeardFor(IReadOnlyCollection<string>? peers) => FleetHeardFor;

    public IReadOnlyList<string>? SampleFor(string node) => null;

    public void Publish(string kind, string key, object before, object after)
    {
        lock (_lock)
        {
            _waiters.ForEach(waiter => waiter.Writer.TryWrite(true));
        }
    }

    public JobProgress? Find(string job, int attempt)
    {
        lock (_lock)
        {
            return _progress.GetValueOrDefault((job, attempt));
        }
    }

    public void Advance(string job, int attempt, long step, DateTimeOffset finishedAt)
    {
        lock (_lock)
        {
            _progress[(job, attempt)] = new JobProgress(step, finishedAt, 0);
        }
    }

    /// <summary>Training is at a step, of which each takes so long.</summary>
    public void Pace(string job, int attempt, long step, TimeSpan median)
    {
        lock (_lock)
        {
            _progress[(job, attempt)] = new JobProgress(step, DateTimeOffset.UtcNow, 0) { MedianStep = median };
        }
    }

    /// <summary>Ranks go on telling of the same step.</summary>
    public void StandStill(string job, int attempt, long step, DateTimeOffset finishedAt, DateTimeOffset heardAt)
    {
        lock (_lock)
        {
            _progress[(job, attempt)] = new JobProgress(step, finishedAt, 10)
            {
                HeardAt = heardAt,
                UsualStep = TimeSpan.FromMilliseconds(100),
                IsTraining = true,
            };
        }
    }

    /// <summary>Reads again after each written record until what was read satisfies.</summary>
    public async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> satisfies, string what)
    {
        var wakes = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        lock (_lock)
        {
            _waiters.Add(wakes);
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var newest = await read();
        try
        {
            while (!satisfies(newest))
            {
                await wakes.Reader.ReadAsync(deadline.Token);
                newest = await read();
            }

            return newest;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Did not happen within 30 s: {what}. Last seen: {newest}");
        }
    }
}
