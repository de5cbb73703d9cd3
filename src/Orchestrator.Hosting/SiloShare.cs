namespace Orchestrator.Hosting;

/// <summary>This silo's share of all records: each record belongs to one of the active silos.</summary>
/// <remarks>
/// While silos come and go two of them may take a record for theirs, or none for a moment: good enough for what may be
/// done twice and is done again.
/// </remarks>
internal sealed class SiloShare : ISiloStatusListener
{
    private readonly ISiloStatusOracle _silos;
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SiloShare(ISiloStatusOracle silos)
    {
        _silos = silos;
        silos.SubscribeToSiloStatusEvents(this);
    }

    /// <summary>Ends when a silo joins, leaves or dies.</summary>
    public Task NextChange => Volatile.Read(ref _change).Task;

    /// <summary>Whether a record belongs to this silo.</summary>
    /// <param name="key">The record's key.</param>
    public bool Has(string key)
    {
        var active = _silos.GetActiveSilos().Order().ToList();
        var mine = active.IndexOf(_silos.SiloAddress);
        // A silo that is not active yet, or not any more, leaves all to the others; alone there are none.
        return active.Count == 0 || (mine >= 0 && StableHash.ComputeHash(key) % active.Count == mine);
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status) =>
        Interlocked.Exchange(ref _change, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
