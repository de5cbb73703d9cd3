using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>
/// Every moment of a job is on exactly one account: their sum is its wall time, whatever its clock does, and at its end
/// none is open and nothing unsaved.
/// </summary>
internal sealed class WholeLedger(VirtualWorld world) : Checker(world)
{
    public override void JobStored(in JobChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (after.Ledger is not { } ledger)
        {
            if (before.Ledger is not null || before.Spec is null)
            {
                Fail($"{change.Id} keeps no ledger.");
            }

            return;
        }

        if (ReferenceEquals(before.Ledger, ledger) && before.Phase == after.Phase)
        {
            return;
        }

        Sum(change.Id, after, ledger);
        Past(change.Id, before.Ledger, ledger);
        if (!IsOpen(ledger.Open, after.Phase))
        {
            Fail($"{change.Id} is {after.Phase}, and its time goes to {ledger.Open?.ToString() ?? "no account"}.");
        }
    }

    private void Sum(string job, JobState after, Ledger ledger)
    {
        var wall = ledger.Since - after.SubmittedAt;
        if (ledger.Sum() != wall)
        {
            Fail($"{job}: its accounts come to {ledger.Sum()}, and its wall time is {wall}.");
        }

        if (ledger.Settled.Any(booked => booked.Time < TimeSpan.Zero))
        {
            Fail($"{job} has a negative account: {string.Join(", ", ledger.Settled)}.");
        }

        if (after.EndedAt > ledger.Since || (after.Phase.IsEnded() && ledger.On(Account.Unsaved) != TimeSpan.Zero))
        {
            Fail($"{job} has ended, and its accounts are not settled: {string.Join(", ", ledger.Settled)}.");
        }
    }

    private void Past(string job, Ledger? before, Ledger ledger)
    {
        if (before is not null
            && (ledger.Since < before.Since || ledger.On(Account.Productive) < before.On(Account.Productive)))
        {
            Fail($"{job}: its ledger of {before.Since} takes back what it booked at {ledger.Since}.");
        }
    }

    private static bool IsOpen(Account? open, JobPhase phase) => phase switch
    {
        JobPhase.Queued => open is Account.Waiting,
        JobPhase.Preparing => open is Account.Launching,
        JobPhase.Launching or JobPhase.Running => open is Account.Launching or Account.Unsaved,
        JobPhase.Pausing or JobPhase.Stopping => open is Account.Stopping,
        JobPhase.BackingOff => open is Account.BackingOff,
        JobPhase.Replacing => open is Account.Replacing,
        _ => open is null,
    };
}
