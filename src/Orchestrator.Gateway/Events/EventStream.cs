using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Orchestrator.Domain.Events;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Storage;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Grains.Incidents;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Events;

/// <summary>Serves the events: the history out of records and journal first, then the journal as it grows.</summary>
internal sealed class EventStream(
    ChangeFeed feed, EventJournal journal, IReadModel readModel, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Events of the history that one watch begins with; older ones are left out.</summary>
    private const int HistoryLength = 1_000;

    /// <summary>A wake is never lost; this only bounds what an unknown fault could cost.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public async Task SendAsync(
        Proto.WatchEventsRequest request, IServerStreamWriter<Proto.Event> stream, CancellationToken cancellationToken)
    {
        using var subscription = feed.Subscribe(RecordKinds.Node, RecordKinds.Job, RecordKinds.Incident);
        // A silo that stops must not wait for watchers.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, lifetime.ApplicationStopping);
        var recorded = await RecordedAsync(cancellationToken);
        var page = journal.From(0);
        // What was seen live knows more than what a record still tells, so it comes first.
        var history = page.Events.Concat(recorded).DistinctBy(one => one.Identity)
            .Where(one => one.Concerns(request.JobId, request.Node))
            .OrderBy(one => one.At).ThenBy(one => one.Kind).TakeLast(HistoryLength).ToArray();
        await SendAsync(history, stream, cancellationToken);
        // A record that was read before its journal entry was written is said once.
        var said = history.Select(one => one.Identity).ToHashSet();
        while (request.Follow && !stop.IsCancellationRequested)
        {
            page = journal.From(page.End);
            var news = page.Events.Where(one =>
                one.Concerns(request.JobId, request.Node) && !said.Contains(one.Identity));
            await SendAsync(page.Missed > 0 ? news.Prepend(Gap(page.Missed)) : news, stream, cancellationToken);
            await subscription.WaitAsync(LookAgain, time, stop.Token);
        }
    }

    private static async Task SendAsync(
        IEnumerable<FleetEvent> events, IServerStreamWriter<Proto.Event> stream, CancellationToken cancellationToken)
    {
        foreach (var one in events)
        {
            await stream.WriteAsync(one.ToProto(), cancellationToken);
        }
    }

    private async Task<IEnumerable<FleetEvent>> RecordedAsync(CancellationToken cancellationToken)
    {
        var nodes = await readModel.ListAsync<NodeState>(RecordKinds.Node, cancellationToken);
        var jobs = await readModel.ListAsync<JobState>(RecordKinds.Job, cancellationToken);
        var incidents = await readModel.ListAsync<IncidentRecord>(RecordKinds.Incident, cancellationToken);
        return FleetEvents.Recorded(
            nodes, jobs, [.. incidents.Select(record => record.Incident).OfType<Domain.Incidents.Incident>()]);
    }

    private FleetEvent Gap(long missed) => new()
    {
        At = time.GetUtcNow(),
        Kind = EventKind.Gap,
        Subject = "",
        To = "",
        Reason = new Domain.Reason(
            "events_missed", $"{missed} events came faster than they were read; they are missing here."),
    };
}
