namespace Orchestrator.Domain.Storage;

/// <summary>Lists of stored records, for views and for planners that work on a snapshot.</summary>
/// <remarks>
/// What it returns was true when it was last written. A planner that acts on it must let the owning grain accept
/// or refuse; only the grain's own turn is the truth.
/// </remarks>
public interface IReadModel
{
    /// <summary>Every stored record of one kind.</summary>
    /// <typeparam name="TRecord">The stored record's type.</typeparam>
    /// <param name="kind">The name under which grains store it: one of <see cref="RecordKinds"/>.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <returns>The records in no particular order.</returns>
    Task<IReadOnlyList<TRecord>> ListAsync<TRecord>(string kind, CancellationToken cancellationToken = default)
        where TRecord : class;
}
