using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Tests.ControlServer;

/// <summary>A control API that answers as a test scripts it, and remembers what it was asked.</summary>
public sealed class ScriptedControl : Control.ControlBase
{
    private readonly TaskCompletionSource _streamSent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every request in the order of its arrival.</summary>
    public ConcurrentQueue<IMessage> Requests { get; } = [];

    /// <summary>How the control plane says that it is.</summary>
    public ControlPlane Plane { get; set; } = new();

    /// <summary>When set, every call fails with it.</summary>
    public RpcException? Failure { get; set; }

    /// <summary>When set, no call answers before the caller gives up.</summary>
    public bool IsSilent { get; set; }

    public List<Job> Jobs { get; } = [];

    public List<Node> Nodes { get; } = [];

    public List<Pool> Pools { get; } = [];

    /// <summary>What drains and resumes say of themselves.</summary>
    public bool IsChanged { get; set; } = true;

    /// <summary>What the list of a job's checkpoints says.</summary>
    public ListCheckpointsReply Checkpoints { get; set; } = new();

    /// <summary>What is left after checkpoints were forgotten.</summary>
    public PruneCheckpointsReply Pruned { get; set; } = new();

    /// <summary>What work on a checkpoint says, in turn; then it ends.</summary>
    public List<CheckpointWork> CheckpointWork { get; } = [];

    /// <summary>What lists of incidents say.</summary>
    public List<Incident> Incidents { get; } = [];

    /// <summary>What a watch of a job says, in turn; then it ends.</summary>
    public List<Job> JobChanges { get; } = [];

    /// <summary>What a watch of incidents says, in turn; then it ends.</summary>
    public List<Incident> IncidentChanges { get; } = [];

    public List<byte[]> LogPieces { get; } = [];

    /// <summary>When set, what each reading of a log says instead of <see cref="LogPieces"/>.</summary>
    public Func<ReadLogsRequest, IEnumerable<LogData>>? Logs { get; set; }

    /// <summary>What a watch of events says, in turn; then it ends.</summary>
    public List<Event> Events { get; } = [];

    /// <summary>What a dry run answers.</summary>
    public SubmitJobReply DryRun { get; set; } = new();

    /// <summary>
    /// When set, the next stream breaks after so many messages, as at a restart of the control plane.
    /// </summary>
    public int? BreakStreamAfter { get; set; }

    /// <summary>When set, streams end with this refusal after their last message.</summary>
    public RpcException? StreamEnd { get; set; }

    /// <summary>When set, streams stay open after their last message.</summary>
    public bool IsStreamKeptOpen { get; set; }

    /// <summary>Completes when a stream has sent all its messages.</summary>
    public Task StreamSent => _streamSent.Task;

    public override Task<SubmitJobReply> SubmitJob(SubmitJobRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => request.DryRun ? DryRun : new SubmitJobReply { JobId = "job-1" }, context);

    public override Task<ListJobsReply> ListJobs(ListJobsRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => new ListJobsReply { Jobs = { Jobs } }, context);

    public override Task<Job> GetJob(GetJobRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => Find(Jobs, job => job.Id, request.JobId), context);

    public override Task WatchJob(
        GetJobRequest request, IServerStreamWriter<Job> responseStream, ServerCallContext context) =>
        StreamAsync(request, JobChanges, responseStream, context);

    public override Task<CancelJobReply> CancelJob(CancelJobRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => new CancelJobReply { Phase = JobPhase.Stopping }, context);

    public override Task<ResumeJobReply> ResumeJob(ResumeJobRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => new ResumeJobReply { Phase = JobPhase.Pausing, Changed = IsChanged }, context);

    public override Task<ListCheckpointsReply> ListCheckpoints(
        ListCheckpointsRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => Checkpoints, context);

    public override Task<PruneCheckpointsReply> PruneCheckpoints(
        PruneCheckpointsRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => Pruned, context);

    public override Task VerifyCheckpoint(
        VerifyCheckpointRequest request, IServerStreamWriter<CheckpointWork> responseStream,
        ServerCallContext context) =>
        StreamAsync(request, CheckpointWork, responseStream, context);

    public override Task RestoreCheckpoint(
        RestoreCheckpointRequest request, IServerStreamWriter<CheckpointWork> responseStream,
        ServerCallContext context) =>
        StreamAsync(request, CheckpointWork, responseStream, context);

    public override Task ReadLogs(
        ReadLogsRequest request, IServerStreamWriter<LogData> responseStream, ServerCallContext context)
    {
        var pieces = Logs?.Invoke(request)
            ?? LogPieces.Select(piece => new LogData { Data = ByteString.CopyFrom(piece) });
        return StreamAsync(request, pieces, responseStream, context);
    }

    public override Task<ListNodesReply> ListNodes(ListNodesRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => new ListNodesReply { Nodes = { Nodes } }, context);

    public override Task<Node> GetNode(GetNodeRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => Find(Nodes, node => node.Name, request.Name), context);

    public override async Task WatchNodes(
        ListNodesRequest request, IServerStreamWriter<Node> responseStream, ServerCallContext context)
    {
        await StreamAsync(request, Nodes, responseStream, context);
        await NeverAsync(context);
    }

    public override Task<DrainNodeReply> DrainNode(DrainNodeRequest request, ServerCallContext context) =>
        AnswerAsync(
            request,
            () => new DrainNodeReply { Node = Find(Nodes, node => node.Name, request.Name), Changed = IsChanged },
            context);

    public override Task<ResumeNodeReply> ResumeNode(ResumeNodeRequest request, ServerCallContext context) =>
        AnswerAsync(
            request,
            () => new ResumeNodeReply { Node = Find(Nodes, node => node.Name, request.Name), Changed = IsChanged },
            context);

    public override Task<ListPoolsReply> ListPools(ListPoolsRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => new ListPoolsReply { Pools = { Pools } }, context);

    public override Task<ControlPlane> GetControlPlane(GetControlPlaneRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => Plane, context);

    public override Task<ListIncidentsReply> ListIncidents(ListIncidentsRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => new ListIncidentsReply { Incidents = { Incidents } }, context);

    public override Task<Incident> GetIncident(GetIncidentRequest request, ServerCallContext context) =>
        AnswerAsync(request, () => Find(Incidents, incident => incident.Id, request.IncidentId), context);

    public override Task WatchIncidents(
        ListIncidentsRequest request, IServerStreamWriter<Incident> responseStream, ServerCallContext context) =>
        StreamAsync(request, IncidentChanges, responseStream, context);

    public override Task WatchEvents(
        WatchEventsRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context) =>
        StreamAsync(request, Events, responseStream, context);

    private static T Find<T>(List<T> all, Func<T, string> idOf, string id) =>
        all.FirstOrDefault(one => idOf(one) == id)
        ?? throw Refusals.Create(StatusCode.NotFound, "no_such_id", $"There is no '{id}'.");

    private async Task<T> AnswerAsync<T>(IMessage request, Func<T> answer, ServerCallContext context)
    {
        Requests.Enqueue(request);
        if (IsSilent)
            await NeverAsync(context);
        return Failure is null ? answer() : throw Failure;
    }

    private async Task StreamAsync<T>(
        IMessage request, IEnumerable<T> answers, IServerStreamWriter<T> stream, ServerCallContext context)
    {
        Requests.Enqueue(request);
        if (Failure is not null)
            throw Failure;
        var sent = 0;
        foreach (var answer in answers.ToList())
        {
            await stream.WriteAsync(answer, context.CancellationToken);
            if (++sent == BreakStreamAfter)
            {
                BreakStreamAfter = null;
                throw Refusals.Create(StatusCode.Unavailable, null, "The control plane restarts.");
            }
        }

        _streamSent.TrySetResult();
        if (StreamEnd is not null)
            throw StreamEnd;
        if (IsStreamKeptOpen)
            await NeverAsync(context);
    }

    private static Task NeverAsync(ServerCallContext context) =>
        new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
}
