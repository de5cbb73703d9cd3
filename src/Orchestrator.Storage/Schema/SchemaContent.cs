namespace Orchestrator.Storage.Schema;

/// <summary>What a database consists of, in a form that can be compared.</summary>
/// <param name="Objects">
/// Tables and what else makes a schema: kind and name, and how it is made. Names of some databases know no case.
/// </param>
/// <param name="Queries">The stored queries of the Orleans providers, by key.</param>
internal sealed record SchemaContent(
    IReadOnlyDictionary<string, string> Objects, IReadOnlyDictionary<string, string> Queries)
{
    /// <summary>The first thing of this that another database lacks or has otherwise.</summary>
    /// <remarks>Further tables or views, say of an operator's own reports, do no harm.</remarks>
    public string? DifferenceOf(SchemaContent other) =>
        Difference(Objects, other.Objects) is { } differing ? $"{differing} is missing or altered"
        : Difference(Queries, other.Queries) is { } query
            ? $"the query {query} in {SchemaDialect.QueryTable} is missing or altered"
            : null;

    private static string? Difference(
        IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual) =>
        expected.Keys.Order(StringComparer.Ordinal)
            .FirstOrDefault(key => actual.GetValueOrDefault(key) != expected[key]);
}
