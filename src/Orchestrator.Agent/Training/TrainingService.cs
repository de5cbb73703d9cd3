using Grpc.Core;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Training;

/// <summary>What training scripts ask of the agent of their host.</summary>
internal sealed class TrainingService(
    RankTable table, JobTable jobs, ShardDesk shards, CheckpointReader checkpoints, ShardFill fills,
    ProgressDesk progress,
    TimeProvider time)
    : Protocol.V1.Training.TrainingBase
{
    public override Task<ReportReply> Report(ReportRequest request, ServerCallContext context)
    {
        var key = KeyOf(request.Rank);
        var job = jobs.Get(key.JobId);
        var reply = new ReportReply
        {
            ShouldStop = job.StoppedAttempt >= key.Attempt,
            NextIntervalMs = (uint)AgentLimits.ReportInterval.TotalMilliseconds,
        }.With(job.SavePlan);
        if (table.Find(key) is not { } rank)
            return Task.FromResult(reply);
        var stepAge = TimeSpan.FromMilliseconds(request.StepAgeMs);
        var finishedAt = time.GetTimestamp() - (long)(stepAge.TotalSeconds * time.TimestampFrequency);
        // One source counts the steps: where the job names another, the script only says its phase here.
        var (step, firstStep) = rank.Reader is null ? (request.Step, request.FirstStep) : (0, 0);
        progress.Take(rank, new StepReport(step, finishedAt, firstStep, request.Phase)
        {
            FirstStepAge = TimeSpan.FromMilliseconds(request.FirstStepAgeMs),
        });
        return Task.FromResult(reply);
    }

    public override async Task<ResumeReply> Resume(ResumeRequest request, ServerCallContext context)
    {
        var key = KeyOf(request.Rank);
        // "No checkpoint" would be the wrong answer here: a rank that believed it would begin from nothing.
        if (table.Find(key) is not { } rank)
            throw new RpcException(new Status(StatusCode.NotFound, $"This host has no record of {key}."));
        if (rank.Spec.Resume is not { } resume)
            return new ResumeReply();
        // Rank 0's host read the whole checkpoint before the launch. What this host sees of it now may differ.
        var fault = rank.Spec.Restore is not null
            ? await fills.EnsureAsync(rank.Spec).WaitAsync(context.CancellationToken)
            : rank.Spec.Part is { } part
            ? await checkpoints.VerifyAsync(rank.Spec.Store, part, context.CancellationToken)
            : null;
        if (fault is not null)
        {
            throw new RpcException(new Status(StatusCode.DataLoss,
                $"the checkpoint of step {resume.Step} cannot be resumed from: {fault.Code}: {fault.Sentence}"));
        }

        var reply = new ResumeReply { HasCheckpoint = true, Step = resume.Step, Path = resume.PathFor(key.Rank) };
        foreach (var (writer, path) in resume.ShardPaths)
            reply.ShardPaths[writer] = path;
        return reply;
    }

    public override Task<BeginCheckpointReply> BeginCheckpoint(
        BeginCheckpointRequest request, ServerCallContext context) =>
        Task.FromResult(shards.Begin(KeyOf(request.Rank), request));

    public override Task<CommitCheckpointReply> CommitCheckpoint(
        CommitCheckpointRequest request, ServerCallContext context) =>
        shards.CommitAsync(KeyOf(request.Rank), request, context.CancellationToken);

    private static RankKey KeyOf(RankIdentity? rank) => rank is null
        ? new RankKey("", 0, 0)
        : new RankKey(rank.JobId, rank.Attempt, rank.Rank);
}
