namespace Orchestrator.Grains.Silo;

/// <summary>Tells watchers in this silo that a record changed. Best effort: a state is read anew.</summary>
public interface IChangeFeed
{
    /// <summary>A record was written.</summary>
    /// <param name="kind">Its kind, one of <see cref="Domain.Storage.RecordKinds"/>.</param>
    /// <param name="key">Its key.</param>
    /// <param name="before">The record before.</param>
    /// <param name="after">The record as it is stored now.</param>
    void Publish(string kind, string key, object before, object after);
}
