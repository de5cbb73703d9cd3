using System.Collections.Concurrent;
using System.ComponentModel;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Leases;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Ranks;
using Orchestrator.Agent.Standbys;
using Orchestrator.Agent.Watching;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Starts the ranks of an attempt on this host.</summary>
internal sealed class LaunchHandler(
    HostIdentity host,
    StateFolder state,
    JobTable jobs,
    RankTable table,
    RankLauncher launcher,
    GangStopper stopper,
    LeaseRenewal leases,
    ExitWatch exits,
    StandbyKeeper standbys,
    FailedLaunch failed,
    MemoryTier memory,
    ShardFill fills,
    PutBack files,
    ILogger<LaunchHandler> log) : ICommandHandler
{
    public Command.BodyOneofCase Kind => Command.BodyOneofCase.Launch;

    public async Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken)
    {
        var launch = command.Launch;
        if (LaunchCheck.Fault(launch) is { } fault)
            return CommandStart.Refuse("launch_invalid", fault);
        if (jobs.Get(command.JobId).IsOver(command.Attempt))
            return Refusals.AttemptOver(command);
        if (!await EndEarlierAsync(command, cancellationToken))
        {
            return CommandStart.Refuse("earlier_attempt_running",
                $"A rank of {command.JobId} before attempt {command.Attempt} does not end on {host.Name}.");
        }

        SupervisorScript.Install(state);
        jobs.Change(command.JobId, job => job with
        {
            LaunchedAttempt = command.Attempt,
            LeaseMilliseconds = launch.LeaseMs,
            // A launch that is repeated may be older than the plan that came after it.
            SavePlan = command.Attempt > job.LaunchedAttempt ? launch.SavePlan?.ToDomain() : job.SavePlan,
        });
        // A rank that runs, or has run, found its file in its place; since then the place is its own.
        if (!PutBack.IsDue(launch) || launch.Ranks.Any(slot => table.Find(KeyOf(command, slot)) is not null))
            return await BeginAsync(command, cancellationToken);
        RankSpec[] specs = [.. launch.Ranks.Select(slot => SpecOf(command, slot))];
        var putting = Task.Run(() => files.RunAsync(specs, launch, cancellationToken), cancellationToken);
        return new CommandStart(null, null)
        {
            Wait = new CommandWait(putting, token => BeginAfterAsync(command, putting, token)),
        };
    }

    private async Task<CommandStart> BeginAfterAsync(
        Command command, Task<CheckpointFault?> putting, CancellationToken cancellationToken)
    {
        if (jobs.Get(command.JobId).IsOver(command.Attempt))
            return Refusals.AttemptOver(command);
        return await putting is { } fault
            ? CommandStart.Refuse(fault.Code, $"No rank was started: {fault.Sentence}")
            : await BeginAsync(command, cancellationToken);
    }

    // The lease of a launch counts from here: while nothing runs, nothing renews it.
    private async Task<CommandStart> BeginAsync(Command command, CancellationToken cancellationToken)
    {
        // A standby that its supervisor is about to end with the old lease must not become a rank under the new one.
        if (leases.HasLapsed(command.JobId))
            standbys.Lapsed(command.JobId);
        if (!leases.TryBegin(command.JobId, TimeSpan.FromMilliseconds(command.Launch.LeaseMs)))
        {
            return CommandStart.Refuse("lease_over",
                $"{host.Name} did not hear the control plane for as long as the lease of {command.JobId} lasts.");
        }

        return await StartRanksAsync(command, cancellationToken);
    }

    private async Task<CommandStart> StartRanksAsync(Command command, CancellationToken cancellationToken)
    {
        var launch = command.Launch;
        var failures = new ConcurrentDictionary<uint, string>();
        var starts = await Task.WhenAll(launch.Ranks.Select(async slot =>
        {
            try
            {
                return await StartAsync(command, slot, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
                or Win32Exception or TimeoutException)
            {
                failures[slot.Rank] = exception.Message;
                return null;
            }
        }));
        standbys.Launched(ResumeWords.ForStandbys(command));
        if (!failures.IsEmpty)
            return failed.End(command, failures);
        leases.Launched();
        var ranks = starts.OfType<TrackedRank>().ToArray();
        return CommandStart.Accept(_ => Task.FromResult<IReadOnlyList<AgentEvent>>([.. ranks.Select(Started)])) with
        {
            Told = () => exits.MayTellEndOf(ranks),
        };
    }

    private async Task<TrackedRank> StartAsync(
        Command command, RankSlot slot, CancellationToken cancellationToken)
    {
        var key = KeyOf(command, slot);
        // Another command for the same attempt, or one repeated over a restart, finds its work done.
        if (table.Find(key) is { } known)
            return known;
        var spec = SpecOf(command, slot);
        // Not waited for: the rank asks for it when it has started.
        if (spec.Restore is not null)
            _ = fills.EnsureAsync(spec);
        var rank = await launcher.StartAsync(
            spec, slot, ResumeWords.For(command.Launch, slot.Rank), cancellationToken);
        log.LogInformation("Started {Rank} as process {Pid}", key, rank.Process?.Pid);
        return rank;
    }

    private RankSpec SpecOf(Command command, RankSlot slot)
    {
        var (key, launch) = (KeyOf(command, slot), command.Launch);
        return new RankSpec(
            key.JobId, key.Attempt, key.Rank, command.LeaseNumber, host.BootId, launch.Store,
            Manifests.ResumePointOf(launch.KeepsInMemory ? memory.Root : launch.Store, launch.Resume),
            Manifests.PartOf(launch.Resume, slot.Rank),
            ProgressRule.Of(launch, slot.Rank, RankFolder.Of(state, key)))
        {
            KeepsInMemory = launch.KeepsInMemory,
            Partner = RestorePart.PartnerOf(launch),
            Restore = launch.KeepsInMemory ? RestorePart.Of(launch, slot.Rank) : null,
            Watch = WatchRule.Of(launch, slot.Rank),
        };
    }

    private static RankKey KeyOf(Command command, RankSlot slot) => new(command.JobId, command.Attempt, slot.Rank);

    // The control plane stops an attempt before it launches the next; this holds even when it did not.
    private async Task<bool> EndEarlierAsync(Command command, CancellationToken cancellationToken)
    {
        var earlier = stopper.RunningUpTo(command.JobId, command.Attempt - 1);
        if (earlier.Count == 0)
            return true;
        stopper.Signal(earlier, NativeProcess.SignalKill);
        return await stopper.EndedWithinAsync(earlier, AgentLimits.EarlierAttemptEnd, cancellationToken);
    }

    private static AgentEvent Started(TrackedRank rank) => new()
    {
        RankStarted = new RankStarted
        {
            JobId = rank.Key.JobId,
            Attempt = rank.Key.Attempt,
            Rank = rank.Key.Rank,
            Pid = (uint)(rank.Process?.Pid ?? 0),
        },
    };
}
