using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Grains;

/// <summary>A grain around one stored record, with the turns of the real one: load, decide, write, then act.</summary>
internal abstract class Activation<TState> : IActivation
    where TState : class
{
    private readonly RecordStore<TState> _store;
    private long _version;

    protected Activation(VirtualWorld world, string key, RecordStore<TState> store, TState blank)
    {
        World = world;
        Key = key;
        _store = store;
        var (state, version) = store.Read(key);
        State = state ?? blank;
        _version = version;
    }

    public string Key { get; }

    public bool IsAlive { get; private set; } = true;

    public TimeSpan BusyUntil { get; private set; }

    public abstract TimeSpan? NextLook { get; }

    public TState State { get; private set; }

    protected VirtualWorld World { get; }

    protected DateTimeOffset Now => World.Clock.Now;

    public abstract void Tick();

    public virtual void Wake()
    {
        // To be in memory, with a timer, is all that most grains need.
    }

    public void Deactivate() => IsAlive = false;

    /// <summary>Changes the record without storing it.</summary>
    protected void Remember(TState next) => State = next;

    /// <summary>The record was stored: this is the moment at which the world changed.</summary>
    protected abstract void Stored(TState before, TState after);

    /// <summary>Stores the record, if it changed; after a write of unknown outcome this activation ends.</summary>
    protected void Commit(TState next)
    {
        if (ReferenceEquals(next, State))
        {
            return;
        }

        var outcome = _store.Write(Key, next, _version);
        if (outcome is WriteOutcome.Written or WriteOutcome.AnswerLost)
        {
            Stored(State, next);
        }

        if (outcome != WriteOutcome.Written)
        {
            Deactivate();
            throw new StorageFailedException($"The record of {Key}", outcome);
        }

        _version++;
        State = next;
        if (World.Armed.Strikes(FaultKind.SlowWrite))
        {
            BusyUntil = World.Clock.Passed + World.Chance.Between(0.5, 12);
        }
    }

    /// <summary>A refusal stores nothing, so nothing else would tell that this activation is behind.</summary>
    protected void CheckIsCurrent()
    {
        if (_store.Read(Key).Version != _version)
        {
            Deactivate();
            throw new StorageFailedException($"The record of {Key}", WriteOutcome.Conflict);
        }
    }

    /// <summary>Performs first and stores afterwards: what no grain may do, for the checkers to find.</summary>
    protected void PerformThenCommit(TState next, Action perform)
    {
        var before = State;
        State = next;
        perform();
        if (ReferenceEquals(State, next))
        {
            State = before;
            Commit(next);
        }
    }
}
