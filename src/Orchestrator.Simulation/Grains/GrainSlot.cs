using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Grains;

/// <summary>
/// One grain by its name: finds or makes its activation, runs its turns one after the other, and fires its timer. For
/// a while it may have two activations, each with its own memory; when the older one is noticed, both end.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="world">Its world.</param>
/// <param name="activate">Makes an activation from what is stored.</param>
/// <param name="duplicateEnded">
/// Tells whoever sent news to it to tell the whole truth again: a duplicate may have taken and lost some.
/// </param>
internal sealed class GrainSlot<TActivation>(
    string name, VirtualWorld world, Func<TActivation> activate, Action? duplicateEnded = null) : IGrainSlot
    where TActivation : class, IActivation
{
    /// <summary>Calls that find the older one of two activations: one of so many.</summary>
    private const int StaleRoutes = 24;

    private TActivation? _current;
    private TActivation? _stale;
    private TimeSpan _hangsUntil;
    private TimeSpan _lookDelay;
    private (IActivation? Of, TimeSpan At) _look;
    private (IActivation? Of, TimeSpan At) _staleLook;

    public string Name => name;

    /// <summary>Its newest activation, if it is in memory.</summary>
    public TActivation? Present => _current is { IsAlive: true } ? _current : null;

    /// <summary>An awaited call: a request or its answer may get lost on the way.</summary>
    public TResult Call<TResult>(Func<TActivation, TResult> call)
    {
        if (!world.Network.IsControlPlaneUp)
        {
            throw new CallFailedException(name, "no silo is there");
        }

        if (_hangsUntil > world.Clock.Passed || world.Armed.Strikes(FaultKind.FailCall))
        {
            throw new CallFailedException(name, "the request got lost");
        }

        var activation = Route();
        if (activation.BusyUntil > world.Clock.Passed)
        {
            throw new CallFailedException(name, "it waits for the storage");
        }

        TResult result;
        try
        {
            result = call(activation);
        }
        finally
        {
            PlanLook(activation);
        }

        return world.Armed.Strikes(FaultKind.LoseReply)
            ? throw new CallFailedException(name, "its answer got lost")
            : result;
    }

    public void Call(Action<TActivation> call) => Call(activation =>
    {
        call(activation);
        return 0;
    });

    public void LoseActivation()
    {
        _current?.Deactivate();
        _stale?.Deactivate();
        _current = _stale = null;
    }

    public void Split(TimeSpan lasts)
    {
        if (_current is not { IsAlive: true } present || _stale is { IsAlive: true })
        {
            return;
        }

        _stale = present;
        _current = null;
        _staleLook = _look;
        world.Agenda.In(lasts, "split ends", name, () => EndSplit(present));
        Wake();
    }

    public void EndSplit()
    {
        if (_stale is { } stale)
        {
            EndSplit(stale);
        }
    }

    public void Hang(TimeSpan lasts) => _hangsUntil = world.Clock.Passed + lasts;

    public void TickOnceMore()
    {
        if (_current is { IsAlive: true } present)
        {
            Tick(present);
        }
    }

    public void DelayLook(TimeSpan by) => _lookDelay = by;

    public void Wake()
    {
        if (!world.Network.IsControlPlaneUp)
        {
            // The start of the control plane wakes everything.
            return;
        }

        var activation = Current();
        try
        {
            activation.Wake();
            PlanLook(activation);
        }
        catch (CallFailedException failed)
        {
            world.Note(failed.Message);
            world.PlanWake(this);
        }
    }

    private TActivation Route() =>
        _stale is { IsAlive: true } stale && world.Chance.OneIn(StaleRoutes) ? stale : Current();

    private TActivation Current()
    {
        if (_current is not { IsAlive: true })
        {
            _current = activate();
        }

        return _current;
    }

    private void EndSplit(TActivation stale)
    {
        if (_stale != stale)
        {
            return;
        }

        LoseActivation();
        world.PlanWake(this);
        duplicateEnded?.Invoke();
    }

    private void Tick(TActivation activation)
    {
        if (!activation.IsAlive)
        {
            return;
        }

        if (_hangsUntil <= world.Clock.Passed && activation.BusyUntil <= world.Clock.Passed)
        {
            try
            {
                activation.Tick();
            }
            catch (Exception error) when (error is CallFailedException or StorageFailedException)
            {
                // The next tick, or the next activation, decides anew.
                world.Note(error.Message);
            }
        }

        PlanLook(activation);
    }

    private void PlanLook(TActivation activation)
    {
        if (!activation.IsAlive)
        {
            world.PlanWake(this);
            EndSplit(activation);
            return;
        }

        if (activation.NextLook is not { } pause)
        {
            return;
        }

        var earliest = Later(_hangsUntil, activation.BusyUntil);
        var at = Later(world.Clock.Passed + pause, earliest) + TickSlack + _lookDelay;
        _lookDelay = default;
        ref var planned = ref ReferenceEquals(activation, _stale) ? ref _staleLook : ref _look;
        if (planned.Of == activation && planned.At <= at && planned.At > world.Clock.Passed)
        {
            return;
        }

        planned = (activation, at);
        world.Agenda.In(at - world.Clock.Passed, "tick", name, () => FireLook(activation, at));
    }

    private void FireLook(TActivation activation, TimeSpan at)
    {
        ref var planned = ref ReferenceEquals(activation, _stale) ? ref _staleLook : ref _look;
        if (planned == (activation, at))
        {
            planned = default;
            Tick(activation);
        }
    }

    private static readonly TimeSpan TickSlack = TimeSpan.FromMilliseconds(1);

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
