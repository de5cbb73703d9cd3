using Orchestrator.Domain;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.Grains;

namespace Orchestrator.Simulation.Hosts;

/// <summary>What nodes are told of silence, loss and return.</summary>
internal sealed partial class Gateway
{
    /// <summary>A node activated anew must learn its stream, and one that lost it must find it again.</summary>
    public void ExpectKeep(string node)
    {
        if (_expected.Add(node))
        {
            world.Agenda.In(world.Chance.Between(0.1, 5), "stream kept", node, () => Keep(node));
        }
    }

    private void Keep(string node)
    {
        _expected.Remove(node);
        var host = world.Host(node);
        if (host.Stream is not { IsOpen: true } stream || !host.CanTalk)
        {
            return;
        }

        if (stream.IsLossUntold)
        {
            ExpectKeep(node);
            return;
        }

        try
        {
            world.Node(node).Call(grain => grain.KeepConnection(stream.Session, stream));
            if (world.Node(node).Present is { } present && !present.Holds(stream))
            {
                ExpectKeep(node);
            }

            if (stream.IsStale)
            {
                stream.IsStale = false;
                world.Fleet.Look();
                host.ContactChanged();
                world.Fleet.Tell(host);
            }
        }
        catch (Exception error) when (error is CallFailedException or StorageFailedException)
        {
            world.Note(error.Message);
            ExpectKeep(node);
        }
    }

    private void WatchSilence(AgentStream stream)
    {
        var era = _era;
        var since = stream.Host.SilentSince;
        bool IsSilent() => era == _era && stream.IsOpen && (!stream.IsHeld || stream.Host.SilentSince == since);
        // Nothing comes any more; the last heartbeat came up to an interval before.
        world.Agenda.In(Stale - (Heartbeat * world.Chance.Share()), "silence seen", stream.Host.Name, () =>
        {
            if (IsSilent() && !stream.IsStale)
            {
                stream.IsStale = true;
                world.Fleet.Look();
                TellLoss(stream, new Reason("heartbeats_missing", "No heartbeat comes."), attempt: 1);
            }
        });
        world.Agenda.In(Dead, "stream dead", stream.Host.Name, () =>
        {
            if (IsSilent())
            {
                Close(stream, new Reason("silent_stream", "Nothing came on its agent's stream any more."));
            }
        });
    }

    /// <summary>The node must hear of the loss, or a dead host would look free; it may hear it late.</summary>
    private void TellLoss(AgentStream stream, Reason reason, int attempt)
    {
        var era = _era;
        stream.IsLossUntold = true;
        var overdue = stream.IsOpen ? Stale - Heartbeat : TimeSpan.Zero;
        var pause = world.Armed.Strikes(FaultKind.DelayLoss)
            ? world.Chance.Between(1, 60)
            : world.Chance.Between(0.001, 0.02);
        world.Agenda.In(attempt == 1 ? pause : pause + Stale, "contact lost", stream.Host.Name, () =>
        {
            if (era != _era)
            {
                return;
            }

            stream.IsLossUntold = false;
            try
            {
                world.Node(stream.Host.Name).Call(
                    node => node.LoseContact(stream.Session, reason, overdue, stream.Told));
                if (stream is { IsOpen: true, IsHeld: true })
                {
                    // The stream came back while its loss was being told.
                    ExpectKeep(stream.Host.Name);
                }
            }
            catch (Exception error) when (error is CallFailedException or StorageFailedException)
            {
                world.Note(error.Message);
                if (attempt < LossAttempts)
                {
                    TellLoss(stream, reason, attempt + 1);
                }
            }
        });
    }
}
