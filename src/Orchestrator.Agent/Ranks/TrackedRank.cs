using Orchestrator.Agent.Host;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Watching;

namespace Orchestrator.Agent.Ranks;

/// <summary>A rank that the agent has a record of, running or ended.</summary>
internal sealed class TrackedRank(RankSpec spec, RankFolder folder, bool isOfThisBoot)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RankProcess? _process;
    private volatile RankOutcome? _end;
    private int? _supervisor;

    public RankSpec Spec => spec;

    public RankKey Key => spec.Key;

    public RankFolder Folder => folder;

    public ReportedProgress Progress { get; } = new();

    /// <summary>Reads its steps out of what it writes; null where its script reports them.</summary>
    public ProgressReader? Reader { get; } = spec.Progress is { } rule ? new ProgressReader(rule) : null;

    /// <summary>Looks for its files that go into checkpoints; null where none does.</summary>
    public RankWatch? Watch { get; } = spec.Watch is { } rule ? new RankWatch(rule, folder) : null;

    /// <summary>Null before the rank's shell has started, and for ever when it never did.</summary>
    public RankProcess? Process => _process ??= isOfThisBoot ? folder.ReadProcess() : null;

    /// <summary>The rank itself is there, or its supervisor, which still has to write the end.</summary>
    public bool HasProcess => Process is { IsAlive: true } || (isOfThisBoot
        && Supervisor is { } supervisor && ProcessTable.HasArgument(supervisor, spec.StartedIn ?? folder.Path));

    /// <summary>Supervisor's process id, once it is known; set by whoever started it.</summary>
    public int? Supervisor
    {
        get => _supervisor ??= folder.ReadSupervisor();
        init => _supervisor = value;
    }

    /// <summary>When this agent first sent it a signal, on the boot clock; null when it never did.</summary>
    public TimeSpan? StoppedAt { get; set; }

    /// <summary>The control plane was told of the start, so that it may be told of the end.</summary>
    public bool IsStartTold { get; set; }

    public RankOutcome? End => _end;

    public bool IsRunning => _end is null;

    /// <summary>Completes when the end is known and reported.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Takes over what was known at its launch, or to an earlier agent.</summary>
    public void Restore(SavedProgress saved)
    {
        Progress.Restore(saved);
        Reader?.GoOnFrom(saved.Marks);
    }

    /// <summary>Sets the end once; false when it was known already.</summary>
    public bool TryEnd(RankOutcome end) => Interlocked.CompareExchange(ref _end, end, null) is null;

    /// <summary>Lets those continue who wait for <see cref="Ended"/>.</summary>
    public void Announce() => _ended.TrySetResult();
}
