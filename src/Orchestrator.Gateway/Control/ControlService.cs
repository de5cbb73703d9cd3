using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Storage;
using Orchestrator.Gateway.Events;
using Orchestrator.Gateway.Health;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Gateway.Progress;
using Orchestrator.Grains.Incidents;
using Orchestrator.Grains.Jobs;
using Orchestrator.Grains.Pools;
using Orchestrator.Grains.Silo;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Control;

/// <summary>The control API: commands go to grains, lists come from the read model.</summary>
internal sealed partial class ControlService(
    IGrainFactory grains,
    IReadModel readModel,
    ProgressBoard board,
    Watches watches,
    NodeViews nodeViews,
    LogReader logs,
    EventStream events,
    JobSubmission submission,
    StoreAsker stores,
    ControlPlaneView controlPlane,
    IOptions<FleetOptions> fleet,
    TimeProvider time) : Proto.Control.ControlBase
{
    public override Task<Proto.SubmitJobReply> SubmitJob(Proto.SubmitJobRequest request, ServerCallContext context) =>
        submission.SubmitAsync(request, context.CancellationToken);

    public override async Task<Proto.ListJobsReply> ListJobs(Proto.ListJobsRequest request, ServerCallContext context)
    {
        var jobs = await readModel.ListAsync<JobState>(RecordKinds.Job, context.CancellationToken);
        var reply = new Proto.ListJobsReply();
        reply.Jobs.AddRange(jobs.Where(job => job.Spec is not null).OrderByDescending(job => job.SubmittedAt)
            .Select(job => job.ToProto(board, time.GetUtcNow())));
        return reply;
    }

    public override async Task<Proto.Job> GetJob(Proto.GetJobRequest request, ServerCallContext context) =>
        (await FindJobAsync(request.JobId)).ToProto(board, time.GetUtcNow());

    public override Task WatchJob(
        Proto.GetJobRequest request, IServerStreamWriter<Proto.Job> responseStream, ServerCallContext context) =>
        watches.JobAsync(() => FindJobAsync(request.JobId), responseStream, context.CancellationToken);

    public override async Task<Proto.CancelJobReply> CancelJob(
        Proto.CancelJobRequest request, ServerCallContext context)
    {
        await FindJobAsync(request.JobId);
        var result = await grains.GetGrain<IJobGrain>(request.JobId).Cancel();
        return result.Refusal is { } refusal
            ? throw refusal.ToError()
            : new Proto.CancelJobReply { Phase = result.Phase.ToProto() };
    }

    public override async Task ReadLogs(
        Proto.ReadLogsRequest request, IServerStreamWriter<Proto.LogData> responseStream, ServerCallContext context) =>
        await logs.ReadAsync(
            request, await FindJobAsync(request.JobId), responseStream, context.CancellationToken);

    public override async Task<Proto.ListPoolsReply> ListPools(
        Proto.ListPoolsRequest request, ServerCallContext context)
    {
        var nodes = await ListNodesAsync(context.CancellationToken);
        var state = await grains.GetGrain<IWarmPoolGrain>(WarmPools.Default).Get();
        var pool = new Proto.Pool
        {
            Name = WarmPools.Default,
            Usable = (uint)nodes.Count(node => node.Phase
                is not (NodePhase.Lost or NodePhase.Quarantined or NodePhase.Repairing or NodePhase.Retired)),
            Warm = (uint)nodes.Count(node => node.IsAvailable),
            Leased = (uint)nodes.Count(node => node.Lease is not null),
            Spares = (uint)fleet.Value.Spares,
            ReplacedLastMinute = (uint)ReplacementCap.Count(state.Replaced, time.GetUtcNow()),
            ReplacementsPerMinute = (uint)fleet.Value.ReplacementsPerMinute,
        };
        pool.Waiting.AddRange(state.Waiting.Select(ticket => ticket.ToProto()));
        return new Proto.ListPoolsReply { Pools = { pool } };
    }

    public override Task<Proto.ControlPlane> GetControlPlane(
        Proto.GetControlPlaneRequest request, ServerCallContext context) => Task.FromResult(controlPlane.Now());

    public override async Task<Proto.ListIncidentsReply> ListIncidents(
        Proto.ListIncidentsRequest request, ServerCallContext context)
    {
        var incidents = await watches.ListIncidentsAsync(request.JobId, context.CancellationToken);
        var reply = new Proto.ListIncidentsReply();
        reply.Incidents.AddRange(incidents.Reverse());
        return reply;
    }

    public override async Task<Proto.Incident> GetIncident(Proto.GetIncidentRequest request, ServerCallContext context)
    {
        var incidents = await readModel.ListAsync<IncidentRecord>(RecordKinds.Incident, context.CancellationToken);
        return incidents.FirstOrDefault(record => record.Incident?.Id == request.IncidentId)?.Incident is { } incident
            ? incident.ToProto()
            : throw new Domain.Reason(
                "no_such_incident", $"No incident '{request.IncidentId}'. `orch incidents` lists them.").ToError();
    }

    public override Task WatchIncidents(
        Proto.ListIncidentsRequest request,
        IServerStreamWriter<Proto.Incident> responseStream,
        ServerCallContext context) =>
        watches.IncidentsAsync(request.JobId, responseStream, context.CancellationToken);

    public override Task WatchEvents(
        Proto.WatchEventsRequest request, IServerStreamWriter<Proto.Event> responseStream, ServerCallContext context) =>
        events.SendAsync(request, responseStream, context.CancellationToken);

    private async Task<JobState> FindJobAsync(string id)
    {
        var missing = new Domain.Reason("no_such_job", $"No job '{id}'. `orch jobs` lists them.");
        if (string.IsNullOrEmpty(id))
        {
            throw missing.ToError();
        }

        var job = await grains.GetGrain<IJobGrain>(id).Get();
        return job.Spec is null ? throw missing.ToError() : job;
    }

    private async Task<IReadOnlyList<NodeState>> ListNodesAsync(CancellationToken cancellationToken) =>
        [
            .. (await readModel.ListAsync<NodeState>(RecordKinds.Node, cancellationToken))
                .OrderBy(node => node.Name.Length).ThenBy(node => node.Name, StringComparer.Ordinal),
        ];
}
