using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Grains;

/// <summary>One-way calls that are under way: they may be lost, doubled, late, or overtaken by others.</summary>
internal sealed class Mailbox(VirtualWorld world)
{
    private int _era;

    public void Post(string what, string whom, Action deliver)
    {
        if (world.Armed.Strikes(FaultKind.LoseMail))
        {
            return;
        }

        Plan(what, whom, deliver);
        if (world.Armed.Strikes(FaultKind.RepeatMail))
        {
            Plan(what, whom, deliver);
        }
    }

    /// <summary>The silo ends: what is under way ends with it.</summary>
    public void Lose() => _era++;

    private void Plan(string what, string whom, Action deliver)
    {
        var era = _era;
        world.Agenda.In(Delay(), what, whom, () =>
        {
            if (era == _era)
            {
                Deliver(deliver);
            }
        });
    }

    private TimeSpan Delay() => world.Armed.Strikes(FaultKind.DelayMail)
        ? world.Chance.Between(1, 90)
        : world.Chance.Between(0.001, 0.02);

    private void Deliver(Action deliver)
    {
        try
        {
            deliver();
        }
        catch (Exception error) when (error is CallFailedException or StorageFailedException)
        {
            // Nobody waits for a one-way call; whoever sent it sends it again until it is acknowledged.
            world.Note(error.Message);
        }
    }
}
