namespace Orchestrator.Grains.Silo;

/// <summary>Tells watchers in this silo that a record changed. Best effort: a watcher reads the record anew.</summary>
public interface IChangeFeed
{
    /// <summary>A record was written.</summary>
    /// <param name="kind">Its kind, one of <see cref="Domain.Storage.RecordKinds"/>.</param>
    /// <param name="key">Its key.</param>
    void Publish(string kind, string key);
}
