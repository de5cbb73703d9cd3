using Orchestrator.Domain.Accounts;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>Where a job's time went, as the control API shows it.</summary>
internal static class AccountMapping
{
    public static Proto.Job WithAccounts(this Proto.Job job, Ledger? ledger)
    {
        if (ledger is not null)
        {
            job.Goodput = ledger.Goodput() ?? 0;
            job.Accounts.AddRange(Enum.GetValues<Account>().Select(account => new Proto.AccountTime
            {
                Name = Name(account),
                Seconds = ledger.On(account).TotalSeconds,
            }));
        }

        return job;
    }

    private static string Name(Account account) => account switch
    {
        Account.Waiting => "waiting",
        Account.Launching => "launching",
        Account.Unsaved => "unsaved",
        Account.Productive => "productive",
        Account.Lost => "lost",
        Account.Detecting => "detecting",
        Account.Stopping => "stopping",
        Account.BackingOff => "backing_off",
        Account.Replacing => "replacing",
        _ => throw new ArgumentOutOfRangeException(nameof(account), account, "Nobody named it."),
    };
}
