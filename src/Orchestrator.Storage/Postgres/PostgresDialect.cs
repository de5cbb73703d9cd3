using System.Data.Common;
using Npgsql;
using Orchestrator.Storage.Schema;

namespace Orchestrator.Storage.Postgres;

/// <inheritdoc/>
internal sealed class PostgresDialect(string place, NpgsqlDataSource dataSource) : SchemaDialect
{
    public override string Place => place;

    public override string Elsewhere => "Name another database, or a schema of its own in the search path.";

    public override string Repair => "restore a backup, or name an empty database.";

    public override SchemaContent Read(DbConnection connection) =>
        Read(connection, Objects("(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"));

    // Temporary tables need no right that a silo's role does not have, and nobody else sees them.
    public override SchemaContent Model(IEnumerable<Migration> migrations)
    {
        using var model = dataSource.OpenConnection();
        using var thrownAway = model.BeginTransaction();
        Execute(model, "SET LOCAL search_path TO pg_temp");
        foreach (var migration in migrations)
            Execute(model, migration.Sql);
        return Read(model, Objects("pg_my_temp_schema()"));
    }

    // Every table with its columns, and every constraint.
    private static string Objects(string schema) =>
        $"""
        SELECT 'table ' || holder.relname, string_agg(
          attribute.attname || ' ' || format_type(attribute.atttypid, attribute.atttypmod)
          || CASE WHEN attribute.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY attribute.attnum)
        FROM pg_class AS holder JOIN pg_attribute AS attribute
          ON attribute.attrelid = holder.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
        WHERE holder.relnamespace = {schema} AND holder.relkind IN ('r', 'p')
        GROUP BY holder.relname
        UNION ALL
        SELECT 'constraint ' || conname || ' of ' || holder.relname, pg_get_constraintdef(rule.oid)
        FROM pg_constraint AS rule JOIN pg_class AS holder ON holder.oid = rule.conrelid
        WHERE holder.relnamespace = {schema}
        """;
}
