using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Accounts;

/// <summary>A job whose decisions are posted one by one, as its grain does.</summary>
internal sealed class AccountedJob
{
    private readonly AJob _job;

    public AccountedJob(JobState? state = null)
    {
        _job = new AJob();
        var submitted = JobRequests.Submit(_job.State, "job", AJob.Spec(), _job.Now).State;
        _job.Becomes(state ?? JobAccounts.Post(_job.State, submitted, _job.Now));
    }

    public JobState State => _job.State;

    public Ledger Ledger => State.Ledger!;

    public DateTimeOffset Now => _job.Now;

    /// <summary>A job of which every rank has made its first step, at second 6.</summary>
    public static AccountedJob Training() => new AccountedJob()
        .In(1, job => job.Granted())
        .In(2, job => job.Prepares())
        .In(1, job => job.Starts())
        .In(2, job => job.Steps(1));

    /// <summary>Something happens so many seconds later.</summary>
    public AccountedJob In(double seconds, Action<AJob> happens)
    {
        _job.After(TimeSpan.FromSeconds(seconds));
        var before = State;
        happens(_job);
        _job.Becomes(JobAccounts.Post(before, State, Now));
        return this;
    }

    /// <summary>Seconds on an account, with those of the open one.</summary>
    public double On(Account account) => Ledger.At(Now).On(account).TotalSeconds;
}
