using Orchestrator.Simulation.Faults;

namespace Orchestrator.Simulation.Grains;

/// <summary>Stored records of one kind; a write must know the version that it replaces.</summary>
internal sealed class RecordStore<TState>(ArmedFaults faults)
    where TState : class
{
    private readonly Dictionary<string, (TState State, long Version)> _records = [];

    /// <summary>Every stored record, in the order in which they were first written.</summary>
    public IEnumerable<TState> All => _records.Values.Select(record => record.State);

    public TState? Find(string key) => _records.TryGetValue(key, out var record) ? record.State : null;

    public (TState? State, long Version) Read(string key) =>
        _records.TryGetValue(key, out var record) ? record : (null, 0);

    public WriteOutcome Write(string key, TState state, long version)
    {
        var stored = _records.TryGetValue(key, out var record) ? record.Version : 0;
        if (stored != version)
        {
            return WriteOutcome.Conflict;
        }

        if (faults.Strikes(FaultKind.FailWrite))
        {
            return WriteOutcome.Failed;
        }

        _records[key] = (state, version + 1);
        return faults.Strikes(FaultKind.LoseWriteAnswer) ? WriteOutcome.AnswerLost : WriteOutcome.Written;
    }
}
