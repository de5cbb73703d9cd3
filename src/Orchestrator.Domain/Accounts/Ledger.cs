using System.Collections.Immutable;

namespace Orchestrator.Domain.Accounts;

/// <summary>Where the time of one job went.</summary>
/// <remarks>
/// All times are wall time of the job. Its GPU-seconds are that many seconds times
/// <see cref="Jobs.JobSpec.WorldSize"/>, with one rank per GPU.
/// </remarks>
[GenerateSerializer, Immutable, Alias("orchestrator.Ledger")]
public sealed record Ledger
{
    /// <summary>
    /// What is booked, by account; accounts without any time are left out. The sum is all the time from the begin of
    /// the ledger to <see cref="Since"/>.
    /// </summary>
    [Id(0)] public ImmutableArray<AccountTime> Settled { get; init; } = [];

    /// <summary>The account that the time after <see cref="Since"/> belongs to; null when the job has ended.</summary>
    [Id(1)] public Account? Open { get; init; }

    /// <summary>
    /// Up to when everything is booked. It never goes back: where the clock does, time is booked again as soon as the
    /// clock has passed it, so that no moment counts twice.
    /// </summary>
    [Id(2)] public DateTimeOffset Since { get; init; }

    /// <summary>What is booked on an account.</summary>
    /// <param name="account">The account.</param>
    /// <returns>Zero when nothing is.</returns>
    public TimeSpan On(Account account) =>
        Settled.FirstOrDefault(booked => booked.Account == account)?.Time ?? TimeSpan.Zero;

    /// <summary>All that is booked.</summary>
    /// <returns>The sum of the accounts.</returns>
    public TimeSpan Sum() => Settled.Aggregate(TimeSpan.Zero, (sum, booked) => sum + booked.Time);

    /// <summary>The share of the booked time whose result is kept.</summary>
    /// <returns>Between 0 and 1; null while no time is booked.</returns>
    public double? Goodput() => Sum() is var sum && sum > TimeSpan.Zero ? On(Account.Productive) / sum : null;

    /// <summary>The ledger as of now: the time of the open account is booked, too.</summary>
    /// <param name="now">Now.</param>
    /// <returns>For a view; it need not be stored.</returns>
    public Ledger At(DateTimeOffset now) =>
        Open is { } open && now > Since ? Book(open, now - Since) with { Since = now } : this;

    /// <summary>From a moment on, time belongs to another account.</summary>
    /// <param name="open">The account; null when the job has ended.</param>
    /// <param name="at">The moment; one before <see cref="Since"/> is taken for that.</param>
    /// <returns>The ledger with everything up to then booked.</returns>
    internal Ledger Turn(Account? open, DateTimeOffset at) => At(at) with { Open = open };

    /// <summary>All that is booked on one account belongs to another.</summary>
    internal Ledger Move(Account from, Account to) =>
        On(from) is var time && time > TimeSpan.Zero ? Book(from, -time).Book(to, time) : this;

    private Ledger Book(Account account, TimeSpan time)
    {
        var total = new AccountTime(account, On(account) + time);
        var others = Settled.RemoveAll(booked => booked.Account == account);
        return this with
        {
            Settled = total.Time == TimeSpan.Zero
                ? others
                : [.. others.Add(total).OrderBy(booked => booked.Account)],
        };
    }
}
