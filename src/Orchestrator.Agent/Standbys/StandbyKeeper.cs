using System.ComponentModel;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Standbys;

/// <summary>Keeps a standby for each rank of a job that trains here and asked for it.</summary>
internal sealed class StandbyKeeper(
    StateFolder state,
    AgentOptions options,
    JobTable jobs,
    RankTable ranks,
    StandbyOrders orders,
    StandbyTable table,
    StandbyStarter starter,
    StandbyEnds ends,
    TimeProvider time,
    ILogger<StandbyKeeper> log) : BackgroundService
{
    private readonly List<RankFolder> _left = [];
    private readonly Dictionary<string, JobWatch> _watches = [];

    /// <summary>The ranks of a launch are started: what it did not take is of no use to the next one.</summary>
    public void Launched(Command launch)
    {
        ends.EndAll(launch.JobId, $"attempt {launch.Attempt} was launched without it");
        if (launch.Launch.StandbyImports.Count > 0 && state.StandbyHook.Contains(Path.PathSeparator))
            log.LogWarning("No standbys of {Job}: PYTHONPATH cannot hold {Folder}", launch.JobId, state.StandbyHook);
        else
            orders.Take(launch);
    }

    /// <summary>A job's lease ran out, and its standbys are over with it, whether or not they have ended.</summary>
    public void Lapsed(string jobId) => ends.EndAll(jobId, "its lease ran out");

    /// <summary>Ends the standbys of a job that was released, and waits until they are gone.</summary>
    /// <exception cref="IOException">What became of a standby cannot be read, or its order not be deleted.</exception>
    public async Task ReleasedAsync(string jobId, uint attempt, CancellationToken cancellationToken)
    {
        // A later attempt under a new lease may have started meanwhile, and then they are its own.
        if (jobs.Get(jobId).LaunchedAttempt > attempt)
            return;
        orders.Forget(jobId, attempt);
        ends.EndAll(jobId, "its job was released");
        await ends.EndedAsync(jobId, cancellationToken);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.GetDirectories(state.Standbys).SelectMany(Directory.GetDirectories))
            _left.Add(new RankFolder(folder));
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            _left.RemoveAll(left => Try(left.Path, () => ends.TryClearAway(left)));
            foreach (var standby in table.All)
                Try(standby.ToString(), () => Look(standby));
            var launches = orders.All;
            foreach (var over in _watches.Keys.Except(launches.Select(launch => launch.JobId)).ToArray())
                _watches.Remove(over);
            foreach (var launch in launches)
                Try(launch.JobId, () => StartMissing(launch));
            await Task.Delay(AgentLimits.StandbyLook, time, stoppingToken);
        }
    }

    private bool Look(Standby standby)
    {
        var reason = Reason(standby);
        if (ends.TryClearAway(standby))
        {
            if (standby.Fate == StandbyFate.Open)
                Failed(standby, reason);
        }
        else if (!standby.IsReadinessTold && standby.IsReady)
        {
            standby.IsReadinessTold = true;
            log.LogInformation("{Standby} is ready after {Milliseconds} ms, give or take a look's interval",
                standby, (long)time.GetElapsedTime(standby.StartedAt).TotalMilliseconds);
        }

        return true;
    }

    private static string Reason(Standby standby) => standby.Folder.ReadEnd() switch
    {
        null => "its supervisor was killed",
        { LeaseExpired: true } => "its lease ran out",
        var end => $"{end}. {LastLines.Of(standby.Folder)}",
    };

    private void Failed(Standby standby, string reason)
    {
        log.LogWarning("{Standby} ended by itself: {Reason}", standby, reason);
        if (_watches.TryGetValue(standby.JobId, out var watch) && ++watch.Failures == AgentLimits.StandbyFailures)
            log.LogWarning("No more standbys of {Job} before its next launch", standby.JobId);
    }

    private bool StartMissing(Command launch)
    {
        if (!_watches.TryGetValue(launch.JobId, out var watch) || watch.Attempt != launch.Attempt)
            _watches[launch.JobId] = watch = new JobWatch(launch.Attempt);
        if (watch.Failures >= AgentLimits.StandbyFailures || !Trains(launch))
            return true;
        watch.TrainsSince ??= time.GetTimestamp();
        if (time.GetElapsedTime(watch.TrainsSince.Value) < options.StandbyDelay)
            return true;
        for (var number = table.OfJob(launch.JobId).Count; number < launch.Launch.Ranks.Count; number++)
            starter.Start(launch.JobId, launch.Launch);
        return true;
    }

    // Before the first step of every rank the host has better things to do than to import for the next attempt.
    private bool Trains(Command launch)
    {
        var own = ranks.OfJob(launch.JobId).Where(rank => rank.Key.Attempt == launch.Attempt).ToArray();
        return !jobs.Get(launch.JobId).IsOver(launch.Attempt)
            && own.Length == launch.Launch.Ranks.Count
            && own.All(rank => rank.IsRunning && rank.Progress.View.FirstStep != 0);
    }

    // What cannot be done now may be possible at the next look. An exception that left the loop would end the agent.
    private bool Try(string what, Func<bool> look)
    {
        try
        {
            return look();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            log.LogError("Looking after the standbys of {What} failed: {Reason}", what, exception.Message);
            return false;
        }
    }

    private sealed class JobWatch(uint attempt)
    {
        public uint Attempt => attempt;

        /// <summary>Monotonic timestamp of the look that first found every rank beyond its first step.</summary>
        public long? TrainsSince { get; set; }

        /// <summary>Standbys of the attempt that ended by themselves.</summary>
        public int Failures { get; set; }
    }
}
