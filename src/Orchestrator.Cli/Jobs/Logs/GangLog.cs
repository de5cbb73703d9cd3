using Orchestrator.Cli.CommandLine;
using Orchestrator.Client;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs.Logs;

/// <summary>The output of all ranks of a job, each line with a prefix.</summary>
internal sealed class GangLog(CommandContext context, LogQuery query)
{
    /// <summary>Each rank takes up to two readings at a time; of a larger gang a person reads one rank.</summary>
    private const int MaximumRanks = 256;

    /// <summary>How long a reading may go on after its attempt is over: a frozen host never ends it.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(3);

    private readonly LogLines _output = new(context);
    private readonly List<Task> _readings = [];
    private IReadOnlyList<RankPlace> _places = [];

    public async Task<int> ShowAsync(CancellationToken cancellationToken)
    {
        var job = await context.Client.GetJobAsync(query.JobId, cancellationToken).ConfigureAwait(false);
        var ranks = (job.Spec?.Nodes ?? 0) * (job.Spec?.RanksPerNode ?? 0);
        if (ranks > MaximumRanks)
        {
            throw new CliException(
                ExitCode.BadUsage,
                $"{job.Id} has {ranks} ranks; up to {MaximumRanks} are shown together. Choose one with --rank.");
        }

        return query.Follow
            ? await FollowAsync(job, cancellationToken).ConfigureAwait(false)
            : await ReadAsync(job, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> ReadAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.Ranks.Count == 0)
            throw new CliException(ExitCode.Refused, $"{job.Id} has not been launched: {job.Reason?.Sentence}");
        var places = RankPlace.Of(job, query.Attempt > 0 ? query.Attempt : job.Attempt);
        _output.Align(places);
        OrchestratorException? failure = null;
        var read = 0;
        foreach (var (place, isError) in places.SelectMany(_ => query.Streams, (place, isError) => (place, isError)))
        {
            try
            {
                await new RankLog(context, query, _output, place, isError).ReadAsync(cancellationToken)
                    .ConfigureAwait(false);
                read++;
            }
            catch (OrchestratorException error) when (error.Kind
                is OrchestratorErrorKind.NotFound or OrchestratorErrorKind.Refused)
            {
                // One host that is gone must not hide what the others wrote.
                failure = error;
                _output.Note(place, error.Message);
            }
        }

        return read == 0 && failure is not null ? ClientFailure.ExitCodeOf(failure) : ExitCode.Ok;
    }

    private async Task<int> FollowAsync(Job first, CancellationToken cancellationToken)
    {
        var followed = new FollowedJob(first);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begun = 0U;
        var last = first;
        var changes = Reconnection.WatchAsync(
            token => context.Client.WatchJobAsync(first.Id, token), context, cancellationToken);
        await foreach (var job in changes.ConfigureAwait(false))
        {
            last = job;
            var isAsked = query.Attempt == 0 ? job.Attempt > begun : begun == 0;
            if (isAsked && FollowedJob.HasLaunched(job))
            {
                begun = job.Attempt;
                Begin(job, followed, reading.Token);
            }

            followed.See(job);
            if (JobWords.HasEnded(job.Phase) || (query.Attempt > 0 && job.Attempt > query.Attempt))
                break;
        }

        await DrainAsync(reading).ConfigureAwait(false);
        context.Environment.Error.WriteLine(JobWords.Standing(last));
        return ExitCode.Ok;
    }

    private void Begin(Job job, FollowedJob followed, CancellationToken cancellationToken)
    {
        var places = RankPlace.Of(job, query.Attempt > 0 ? query.Attempt : job.Attempt);
        _output.Align(places);
        foreach (var place in places)
        {
            if (_places.FirstOrDefault(old => old.Rank == place.Rank) is { } before)
                _output.Note(place, Continuation(job, before, place));
            _readings.AddRange(query.Streams.Select(isError =>
                new RankLog(context, query, _output, place, isError).FollowAsync(followed, cancellationToken)));
        }

        _places = places;
    }

    private static string Continuation(Job job, RankPlace before, RankPlace now)
    {
        var move = before.Node == now.Node ? "" : $" on {now.Node}, was on {before.Node}";
        var start = job.ResumedFromStep > 0 ? $"from step {job.ResumedFromStep}" : "from the beginning";
        return $"attempt {now.Attempt}{move}: goes on {start}";
    }

    private async Task DrainAsync(CancellationTokenSource reading)
    {
        reading.CancelAfter(DrainPatience);
        try
        {
            await Task.WhenAll(_readings).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What a host has not sent by now, a later `orch logs` may still find.
        }
    }
}
