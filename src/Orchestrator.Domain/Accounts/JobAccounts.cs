using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Accounts;

/// <summary>Keeps the ledger of a job: it looks at what a decision changed, and at nothing else.</summary>
public static class JobAccounts
{
    /// <summary>Posts a decision to the job's ledger. It is the one place where a ledger changes.</summary>
    /// <param name="before">The record before the decision.</param>
    /// <param name="after">The record as decided, with the ledger of the one before.</param>
    /// <param name="now">Now.</param>
    /// <returns>
    /// The record to store; the same reference when nothing is to be booked, so that time alone never causes a write. A
    /// job that was stored without a ledger gets one with the first decision after that, and it begins there.
    /// </returns>
    public static JobState Post(JobState before, JobState after, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var ledger = before.Ledger ?? Begin(before, after, now);
        if (ReferenceEquals(before, after) || ledger is not { Open: not null })
        {
            return after;
        }

        var posted = Settle(ledger, before, after, after.EndedAt ?? now);
        return posted == after.Ledger ? after : after with { Ledger = posted };
    }

    private static Ledger? Begin(JobState before, JobState after, DateTimeOffset now)
    {
        var isNew = before.Spec is null;
        return after.Spec is null || (after.Phase.IsEnded() && !isNew)
            ? null
            : new Ledger { Open = AccountOf(after), Since = isNew ? after.SubmittedAt : now };
    }

    private static Ledger Settle(Ledger ledger, JobState before, JobState after, DateTimeOffset now)
    {
        var isCommitted = Order(after.Checkpoints.Newest).CompareTo(Order(before.Checkpoints.Newest)) > 0;
        var isSaved = isCommitted || after.Phase == JobPhase.Succeeded;
        ledger = Train(ledger, before, after, isSaved, now);
        if (after.IncidentCount > before.IncidentCount)
        {
            ledger = ledger.Turn(Account.Detecting, FirstEvidence(before, after, now));
        }

        var open = AccountOf(after);
        // Each phase begins with everything booked: of a rank that tells no steps, only its phase says when it began.
        if (isCommitted || open != ledger.Open || after.Phase != before.Phase)
        {
            ledger = ledger.Turn(open, now);
        }

        return isSaved ? ledger.Move(Account.Unsaved, Account.Productive)
            : IsOver(after) ? ledger.Move(Account.Unsaved, Account.Lost)
            : ledger;
    }

    /// <summary>The attempt began to train: at its first step, or unseen, as what it saved proves.</summary>
    private static Ledger Train(
        Ledger ledger, JobState before, JobState after, bool isSaved, DateTimeOffset now)
    {
        var isBegun = ledger.Open == Account.Unsaved || before.Phase is not (JobPhase.Launching or JobPhase.Running);
        return isBegun ? ledger
            : FirstStep(after, before.Attempt) is { } step ? ledger.Turn(Account.Unsaved, Earlier(step, now))
            : isSaved && before.Phase == JobPhase.Running ? ledger with { Open = Account.Unsaved }
            : ledger;
    }

    /// <summary>
    /// A shard that comes late still completes its checkpoint, until the next attempt begins: only then is it lost.
    /// </summary>
    private static bool IsOver(JobState state) =>
        state.Phase is JobPhase.Preparing or JobPhase.Failed or JobPhase.Cancelled;

    private static Account? AccountOf(JobState state) => state.Phase switch
    {
        JobPhase.Queued => Account.Waiting,
        JobPhase.Preparing => Account.Launching,
        JobPhase.Launching or JobPhase.Running => IsTraining(state) ? Account.Unsaved : Account.Launching,
        JobPhase.Pausing or JobPhase.Stopping => Account.Stopping,
        JobPhase.BackingOff => Account.BackingOff,
        JobPhase.Replacing => Account.Replacing,
        _ => null,
    };

    /// <summary>The attempt trains, as its first step or what it saved proves.</summary>
    internal static bool IsTraining(JobState state) =>
        FirstStep(state, state.Attempt) is not null || state.Checkpoints.Newest?.Attempt == state.Attempt;

    private static DateTimeOffset? FirstStep(JobState state, int attempt) =>
        RanksOf(state, attempt).Min(rank => rank.FirstStepAt);

    /// <summary>
    /// When a host fell silent that training did not vouch for, or the first rank ended badly; now when the job heard
    /// at once, or stops its ranks as planned.
    /// </summary>
    private static DateTimeOffset FirstEvidence(JobState before, JobState after, DateTimeOffset now)
    {
        var silences = before.Gang
            .Where(member => member is { IsSilent: true, Report.Phase: NodePhase.Suspect })
            .Select(member => member.SilentSince);
        var exits = RanksOf(after, before.Attempt)
            .Where(rank => rank.Exit is { IsSuccess: false })
            .Select(rank => (DateTimeOffset?)rank.Exit!.At);
        return Earlier(silences.Concat(exits).Min() ?? now, now);
    }

    private static IEnumerable<RankStatus> RanksOf(JobState state, int attempt) => state.Gang
        .SelectMany(member => member.Report?.Ranks ?? [])
        .Where(rank => rank.Attempt == attempt);

    /// <summary>The moment may be of another silo, whose clock is ahead of this one's.</summary>
    private static DateTimeOffset Earlier(DateTimeOffset moment, DateTimeOffset now) => moment < now ? moment : now;

    private static (int Attempt, long Step) Order(CheckpointManifest? newest) =>
        (newest?.Attempt ?? 0, newest?.Step ?? 0);
}
