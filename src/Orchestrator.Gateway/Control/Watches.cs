using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Storage;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Gateway.Progress;
using Orchestrator.Grains.Incidents;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Control;

/// <summary>Server streams: a snapshot first, then whatever differs from what was sent last.</summary>
internal sealed class Watches(
    ChangeFeed feed,
    IReadModel readModel,
    NodeViews nodeViews,
    ProgressBoard board,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    /// <summary>
    /// Steps and rates change without a record being written, so a watch looks again after this time.
    /// </summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public async Task JobAsync(
        Func<Task<JobState>> read, IServerStreamWriter<Proto.Job> stream, CancellationToken cancellationToken)
    {
        using var subscription = feed.Subscribe(RecordKinds.Job);
        using var stop = Link(cancellationToken);
        Proto.Job? sent = null;
        while (!stop.IsCancellationRequested)
        {
            var state = await read();
            var job = state.ToProto(board, time.GetUtcNow());
            if (IsNews(job, sent))
            {
                await stream.WriteAsync(job, cancellationToken);
                sent = job;
            }

            if (state.Phase.IsEnded())
            {
                return;
            }

            await subscription.WaitAsync(LookAgain, time, stop.Token);
        }
    }

    /// <summary>Its accounts grow with each second, which is no news.</summary>
    internal static bool IsNews(Proto.Job job, Proto.Job? sent)
    {
        if (sent is null)
        {
            return true;
        }

        var timeless = job.Clone();
        timeless.Accounts.Clear();
        timeless.Accounts.Add(sent.Accounts);
        timeless.Goodput = sent.Goodput;
        return !timeless.Equals(sent);
    }

    public Task NodesAsync(IServerStreamWriter<Proto.Node> stream, CancellationToken cancellationToken) => ManyAsync(
        RecordKinds.Node,
        async () => await nodeViews.ListAsync(cancellationToken),
        node => node.Name,
        stream,
        cancellationToken);

    public Task IncidentsAsync(
        string jobId, IServerStreamWriter<Proto.Incident> stream, CancellationToken cancellationToken) => ManyAsync(
        RecordKinds.Incident,
        () => ListIncidentsAsync(jobId, cancellationToken),
        incident => incident.Id,
        stream,
        cancellationToken);

    public async Task<IEnumerable<Proto.Incident>> ListIncidentsAsync(
        string jobId, CancellationToken cancellationToken) =>
        (await readModel.ListAsync<IncidentRecord>(RecordKinds.Incident, cancellationToken))
            .Select(record => record.Incident!)
            .Where(incident => incident is not null && (jobId.Length == 0 || incident.Job == jobId))
            .OrderBy(incident => incident.Timeline.IsEmpty ? DateTimeOffset.MinValue : incident.Timeline[0].At)
            .ThenBy(incident => incident.Id, StringComparer.Ordinal)
            .Select(incident => incident.ToProto());

    private async Task ManyAsync<T>(
        string kind,
        Func<Task<IEnumerable<T>>> list,
        Func<T, string> key,
        IServerStreamWriter<T> stream,
        CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        using var subscription = feed.Subscribe(kind);
        using var stop = Link(cancellationToken);
        var sent = new Dictionary<string, T>(StringComparer.Ordinal);
        while (!stop.IsCancellationRequested)
        {
            foreach (var entry in await list())
            {
                if (!entry.Equals(sent.GetValueOrDefault(key(entry))))
                {
                    await stream.WriteAsync(entry, cancellationToken);
                    sent[key(entry)] = entry;
                }
            }

            await subscription.WaitAsync(LookAgain, time, stop.Token);
        }
    }

    /// <summary>A silo that stops must not wait for watchers.</summary>
    private CancellationTokenSource Link(CancellationToken cancellationToken) =>
        CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
}
