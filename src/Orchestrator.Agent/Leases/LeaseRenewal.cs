using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Ranks;
using Orchestrator.Domain.Leases;

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

    /// <summary>While a lease runs out: what proves it again may come just before its end.</summary>
    private static readonly TimeSpan UnprovenInterval = TimeSpan.FromMilliseconds(100);

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
        var isProven = policy.ProvenAt is { } at && BootClock.Now - at < Isolation.ContactHolds;
        // The ranks are listed before their lease is looked at: those of a launch meanwhile have a lease of their own.
        foreach (var ranks in table.Running.GroupBy(rank => rank.Key.JobId))
        {
            var lease = jobs.Get(ranks.Key).Lease;
            TryRenew(ranks.Key, lease, [.. ranks]);
            var interval = isProven ? lease / RenewalsPerLease : UnprovenInterval;
            next = interval < next ? interval : next;
        }

        return next > ShortestInterval ? next : ShortestInterval;
    }

    /// <summary>The job's lease ran out, so that what runs under it is over.</summary>
    /// <exception cref="IOException">It is there and cannot be read.</exception>
    public bool HasLapsed(string jobId) => files.HasLapsed(jobId);

    /// <summary>A job's first lease: its ranks start next.</summary>
    /// <returns>
    /// False when it is over before it begins: the launch waited, and the control plane was not heard meanwhile.
    /// </returns>
    /// <exception cref="IOException">The lease cannot be written, so nothing may be started.</exception>
    public bool TryBegin(string jobId, TimeSpan lease)
    {
        var provenAt = policy.ProvenAt ?? BootClock.Now;
        if (provenAt + lease <= BootClock.Now)
            return false;
        files.Begin(jobId, provenAt + lease);
        return true;
    }

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
            if (!files.TryRenew(jobId, lease, policy.ProvenAt))
                lapsed.End(jobId, ranks);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing else can be done: the ranks end when the lease does, and the log says why.
            log.LogError("Lease of {Job} could not be renewed: {Reason}", jobId, exception.Message);
        }
    }
}
