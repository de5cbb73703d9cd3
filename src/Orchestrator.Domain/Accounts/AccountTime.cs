namespace Orchestrator.Domain.Accounts;

/// <summary>The time that is booked on one account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Time">Wall time of the job; never negative.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.AccountTime")]
public sealed record AccountTime(Account Account, TimeSpan Time);
