using Orchestrator.Domain.Accounts;
using Orchestrator.Gateway.Mapping;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Tests.Mapping;

public sealed class AccountMappingTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void WithAccounts_NamesEveryAccountAndCountsTheOpenOne()
    {
        var ledger = new Ledger
        {
            Settled =
            [
                new AccountTime(Account.Productive, TimeSpan.FromSeconds(30)),
                new AccountTime(Account.BackingOff, TimeSpan.FromSeconds(6)),
            ],
            Open = Account.Unsaved,
            Since = Start,
        };

        var job = new Proto.Job().WithAccounts(ledger.At(Start.AddSeconds(4)));

        job.Goodput.ShouldBe(0.75);
        job.Accounts.Count.ShouldBe(Enum.GetValues<Account>().Length);
        job.Accounts.Where(account => account.Seconds > 0).Select(account => (account.Name, account.Seconds))
            .ShouldBe([("unsaved", 4.0), ("productive", 30.0), ("backing_off", 6.0)]);
    }

    [Fact]
    public void WithAccounts_JobThatWasJustSubmitted_HasNoGoodputYet() =>
        new Proto.Job().WithAccounts(new Ledger { Open = Account.Waiting, Since = Start }).Goodput.ShouldBe(0);

    [Fact]
    public void WithAccounts_RecordWithoutLedger_ShowsNone() =>
        new Proto.Job().WithAccounts(null).ShouldBe(new Proto.Job());
}
