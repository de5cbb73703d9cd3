using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Leases;

/// <summary>Renews the lease of every job with running ranks, five times per lease.</summary>
/// <remarks>
/// On a thread of its own, and without a lock that anybody holds while a disk works: hashing checkpoints or a slow
/// sync may take every thread of the pool, and ranks must not end for that.
/// </remarks>
internal sealed class LeaseRenewal(
    RankTable table,
    JobTable jobs,
    LeaseFiles files,
    LapsedRanks lapsed,
    ILeasePolicy policy,
    ILogger<LeaseRenewal> log) : IHostedService, IDisposable
{
    private const int RenewalsPerLease = 5;
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(20);
    private readonly AutoResetEvent _wake = new(initialState: false);
    private Thread? _thread;
    private volatile bool _isStopping;

    /// <summary>Renews once; also called before anything else when the agent starts.</summary>
    /// <returns>When to renew again.</returns>
    public TimeSpan RenewAll()
    {
        var next = IdleInterval;
        // The ranks are listed before their lease is looked at: those of a launch meanwhile have a lease of their own.
        foreach (var ranks in table.Running.GroupBy(rank => rank.Key.JobId))
        {
            var lease = jobs.Get(ranks.Key).Lease;
            if (policy.MayRenew(ranks.Key))
                TryRenew(ranks.Key, lease, [.. ranks]);
            var interval = lease / RenewalsPerLease;
            next = interval < next ? interval : next;
        }

        return next > ShortestInterval ? next : ShortestInterval;
    }

    /// <summary>A job's first lease: its ranks start next.</summary>
    /// <exception cref="IOException">The lease cannot be written, so nothing may be started.</exception>
    public void Begin(string jobId, TimeSpan lease) => files.Begin(jobId, lease);

    /// <summary>The ranks are in the table now, and their interval may be shorter than the present wait.</summary>
    public void Launched() => _wake.Set();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(RenewUntilStopped) { Name = "lease renewal", IsBackground = true };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        _wake.Set();
        _thread?.Join();
        return Task.CompletedTask;
    }

    public void Dispose() => _wake.Dispose();

    private void RenewUntilStopped()
    {
        // The training may use every core of the host.
        NativeProcess.TryRaisePriority();
        while (!_isStopping)
            _wake.WaitOne(RenewAll());
    }

    private void TryRenew(string jobId, TimeSpan lease, TrackedRank[] ranks)
    {
        try
        {
            if (!files.TryRenew(jobId, lease))
                lapsed.End(jobId, ranks);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing else can be done: the ranks end when the lease does, and the log says why.
            log.LogError("Lease of {Job} could not be renewed: {Reason}", jobId, exception.Message);
        }
    }
}
