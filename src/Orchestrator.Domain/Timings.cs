namespace Orchestrator.Domain;

/// <summary>Durations that the rules use where a job's file does not say otherwise.</summary>
public static class Timings
{
    /// <summary>Ranks end when their agent has not renewed the lease for this long. Per job; default 10 s.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>The supervisor looks at the lease once a second and needs a moment to end its ranks.</summary>
    public static readonly TimeSpan LeaseGrace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// After a restart of the control plane every agent has this long to attach before it is suspected.
    /// </summary>
    public static readonly TimeSpan ReattachGrace = TimeSpan.FromSeconds(15);

    /// <summary>A node that attached and does not get through its checks in this time is quarantined.</summary>
    public static readonly TimeSpan Validation = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A lease that is not launched within this time lapses, so that a lost reply strands no node. Longer than
    /// <see cref="Prepare"/>, during which the gang's other nodes wait for rank 0's.
    /// </summary>
    public static readonly TimeSpan UnlaunchedLease = TimeSpan.FromMinutes(6);

    /// <summary>A quarantined node goes to repair after this time.</summary>
    public static readonly TimeSpan Quarantine = TimeSpan.FromHours(1);

    /// <summary>A node that was not repaired in this time is retired.</summary>
    public static readonly TimeSpan Repair = TimeSpan.FromHours(24);

    /// <summary>A lost node that never came back is retired after this time.</summary>
    public static readonly TimeSpan LostForGood = TimeSpan.FromDays(7);

    /// <summary>Rank 0's host must answer a prepare in this time: a port probe and reading the checkpoint.</summary>
    public static readonly TimeSpan Prepare = TimeSpan.FromMinutes(5);

    /// <summary>Processes must have been started in this time (not: have made a step).</summary>
    public static readonly TimeSpan Launch = TimeSpan.FromSeconds(60);

    /// <summary>A connected agent must have ended its ranks in this time after SIGKILL, or its node is lost.</summary>
    public static readonly TimeSpan Stop = TimeSpan.FromSeconds(30);

    /// <summary>Without any sign of progress an incident closes as running, unconfirmed, after this time.</summary>
    public static readonly TimeSpan Unconfirmed = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Training stands still when no step was finished for this long, however short its steps are. A rank whose agent
    /// is away waits 5 s for it before it gives a checkpoint up, and the whole gang waits with it; beside that, steps
    /// come up to two seconds late, because they are told once a second, by a heartbeat once a second.
    /// </summary>
    public static readonly TimeSpan Standstill = TimeSpan.FromSeconds(7);

    /// <summary>
    /// Training stands still when no step was finished for this many times the usual time of one: a step may wait for
    /// its data now and then.
    /// </summary>
    public const int StandstillSteps = 5;

    /// <summary>Attempts in a row without progress after which the next launch does not wait yet.</summary>
    public const int PromptRelaunches = 2;

    /// <summary>
    /// How long the hosts of a job that has ended are kept for its last checkpoint, which is on its way to the store:
    /// longer than a full memory takes at 1 GiB/s, and not longer than idle devices are worth.
    /// </summary>
    public static readonly TimeSpan LastUpload = TimeSpan.FromMinutes(15);

    /// <summary>The first wait before a launch; each further attempt without progress doubles it.</summary>
    public static readonly TimeSpan ShortestBackOff = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before a launch: what was repaired meanwhile is found within it.</summary>
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(60);

    /// <summary>Silence after which a node may be called lost without a second witness.</summary>
    /// <param name="lease">The lease of the job on the node.</param>
    /// <returns>The lease plus the grace plus 10 %, so that its ranks are surely gone.</returns>
    public static TimeSpan SilenceUntilLost(TimeSpan lease) => (lease + LeaseGrace) * 1.1;
}
