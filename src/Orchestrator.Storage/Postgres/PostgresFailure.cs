using Npgsql;
using Orchestrator.Storage.Schema;

namespace Orchestrator.Storage.Postgres;

/// <summary>Turns what PostgreSQL and the network throw at us into reports that say what to do.</summary>
internal static class PostgresFailure
{
    /// <summary>The report for an error, or null for one that is a bug.</summary>
    public static StorageReport? Explain(string place, Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            Unusable(place, "there is no such database; create it first, with createdb or CREATE DATABASE"),
        PostgresException refused when IsAuthentication(refused.SqlState) =>
            Unusable(place, $"{refused.MessageText}; check user, password and the server's pg_hba.conf"),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            Unusable(place, $"{refused.MessageText}; run this as the owner of the database"),
        PostgresException refused => Unusable(place, $"{refused.MessageText} ({refused.SqlState})"),
        NpgsqlException or TimeoutException => Unusable(
            place, $"{Innermost(error).Message.TrimEnd('.')}; check that the server runs and can be reached"),
        _ => null,
    };

    private static bool IsAuthentication(string state) =>
        state is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification;

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    private static StorageReport Unusable(string place, string reason) =>
        new(StorageState.Unusable, null, $"{place} cannot be used: {reason}.");
}
