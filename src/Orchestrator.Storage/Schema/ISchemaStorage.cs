namespace Orchestrator.Storage.Schema;

/// <summary>A place for records, and the schema in it.</summary>
public interface ISchemaStorage : IDisposable
{
    /// <summary>Looks at it without changing anything.</summary>
    /// <param name="cancellationToken">Ends the wait for a check that has not begun.</param>
    /// <returns>What was found and what to do about it.</returns>
    Task<StorageReport> CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes the schema, or applies what an older one lacks. Done again, it changes nothing.</summary>
    /// <param name="cancellationToken">Ends the wait for work that has not begun.</param>
    /// <returns>What is there afterwards; what is not ours is left alone.</returns>
    Task<StorageReport> InitializeAsync(CancellationToken cancellationToken = default);
}
