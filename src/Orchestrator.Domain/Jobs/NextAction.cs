using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Jobs;

/// <summary>Says what Orchestrator does next with a job, and when: for the person who waits for it.</summary>
public static class NextAction
{
    /// <summary>Nodes named in one sentence; of a large gang the rest is a number.</summary>
    private const int NamesShown = 4;

    /// <summary>The next action.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>A code for the kind of action, and the sentence with nodes and seconds.</returns>
    public static Reason Of(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase switch
        {
            JobPhase.Queued => new(
                "take_nodes", $"Starts as soon as it can have {Nodes(state.Spec?.Nodes ?? 0)} at once."),
            JobPhase.Preparing => Preparing(state, now),
            JobPhase.Launching => Launching(state, now),
            JobPhase.Running => Running(state, now),
            JobPhase.Pausing => new(
                "end_ranks", $"Ends the old ranks: {Awaited(state, now)} Then it relaunches, or replaces nodes."),
            JobPhase.BackingOff => new(
                "launch", $"Launches attempt {state.Attempt + 1} in {Left(state.Deadline, now)}."),
            JobPhase.Replacing => Replacing(state),
            JobPhase.Stopping => new("end_ranks", $"Ends the ranks as planned: {Awaited(state, now)}"),
            _ => Ended(state, now),
        };
    }

    private static Reason Preparing(JobState state, DateTimeOffset now)
    {
        var host = state.Gang.IsEmpty ? "rank 0's host" : state.Gang[0].Node;
        var checks = state.ResumeFrom is { } checkpoint
            ? $"has a free port and has verified the checkpoint of step {checkpoint.Step}"
            : "has a free port";
        return new(
            "launch", $"Launches attempt {state.Attempt} when {host} {checks}; {LeftUntilReplaced(state, now, host)}");
    }

    private static Reason Launching(JobState state, DateTimeOffset now)
    {
        var started = state.Ranks.Count(rank => rank.Phase is RankPhase.Running or RankPhase.Exited);
        var late = Names(state.Gang.Where(member => !JobOrders.HasStarted(state, member)));
        return new(
            "await_ranks",
            $"Waits until every process runs ({started} of {state.Spec!.WorldSize} do); "
            + LeftUntilReplaced(state, now, late));
    }

    private static Reason Running(JobState state, DateTimeOffset now)
    {
        var silent = state.Gang.FirstOrDefault(
            member => member is { IsSilent: true, Report.Phase: NodePhase.Suspect });
        return (silent, state.OpenIncident) switch
        {
            ({ Node: var node }, _) => new(
                "judge_silent_host",
                $"{node} is silent: cleared by two more steps of training; lost at once by a second witness, or in "
                + $"{Left(SilentUntil(state, silent), now)}."),
            (_, { Id: var incident }) => new(
                "await_first_step", $"Closes incident {incident} at the first new step or checkpoint."),
            _ => new("none", "Nothing is due: its ranks run."),
        };
    }

    private static Reason Replacing(JobState state)
    {
        var vacated = state.Gang.Where(member => member.Replacement != Replacement.None).ToArray();
        return new(
            "take_nodes",
            $"Takes {Nodes(vacated.Length)} in place of {Names(vacated)} as soon as free, "
            + $"then launches attempt {state.Attempt + 1}.");
    }

    private static Reason Ended(JobState state, DateTimeOffset now) => state.ToRelease.IsEmpty
        ? new("none", "Nothing: the job has ended.")
        : JobCheckpoints.IsSaving(state, now)
        ? new(
            "save_last_checkpoint",
            $"Gives back {Names(state.ToRelease.Select(lease => lease.Node))} when the checkpoint of step "
            + $"{state.Checkpoints.Upload!.Step} is in the store, or in "
            + $"{Left(state.EndedAt + Timings.LastUpload, now)}.")
        : new("give_back_nodes", $"Gives back {Names(state.ToRelease.Select(lease => lease.Node))}.");

    /// <summary>Whom a stop waits for: hosts in contact until the deadline, others until their lease ends.</summary>
    private static string Awaited(JobState state, DateTimeOffset now)
    {
        var left = state.Gang.Where(member => !member.IsStopped(state.Attempt)).ToLookup(member => member.IsSilent);
        var parts = left[false].Any()
            ? [$"waits for {Names(left[false])}, lost if not done in {Left(state.Deadline, now)}"]
            : Array.Empty<string>();
        var silent = left[true].Select(member =>
            $"for silent {member.Node} until its lease has surely ended, in {Left(SilentUntil(state, member), now)}");
        var all = parts.Concat(silent.Take(NamesShown)).ToArray();
        return all.Length == 0 ? "all have ended." : $"{string.Join("; ", all)}.";
    }

    private static string LeftUntilReplaced(JobState state, DateTimeOffset now, string hosts) =>
        $"replaces {hosts} if that is not done in {Left(state.Deadline, now)}.";

    private static DateTimeOffset SilentUntil(JobState state, GangMember member) =>
        member.Report!.NewsAt + Timings.SilenceUntilLost(state.Spec!.Lease);

    private static string Left(DateTimeOffset? deadline, DateTimeOffset now) =>
        $"{Math.Max(0, Math.Ceiling(((deadline ?? now) - now).TotalSeconds))} s";

    private static string Nodes(int count) => count == 1 ? "1 node" : $"{count} nodes";

    private static string Names(IEnumerable<GangMember> members) => Names(members.Select(member => member.Node));

    private static string Names(IEnumerable<string> nodes)
    {
        var all = nodes.ToArray();
        var shown = string.Join(", ", all.Take(NamesShown));
        return all.Length > NamesShown ? $"{shown} and {all.Length - NamesShown} more" : shown;
    }
}
