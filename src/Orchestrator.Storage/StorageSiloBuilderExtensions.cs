using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Json;
using Orchestrator.Storage.Memory;
using Orchestrator.Storage.Postgres;
using Orchestrator.Storage.Sqlite;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Orchestrator.Storage;

/// <summary>Gives a silo the storage <see cref="RecordKinds.Provider"/> and an <see cref="IReadModel"/>.</summary>
public static class StorageSiloBuilderExtensions
{
    // Orleans' name for SQLite; it loads Microsoft.Data.Sqlite for it.
    private const string SqliteInvariant = "System.Data.SQLite";
    private const string PostgresInvariant = "Npgsql";

    /// <summary>Keeps records in a SQLite file: the embedded profile, for one silo.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="options">Where the file is.</param>
    /// <returns>The silo's builder.</returns>
    /// <remarks>
    /// At its start the silo creates or migrates the database, and refuses to start on one that it must not work on,
    /// with a <see cref="Schema.StorageRefusedException"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The silo has an orchestrator storage already.</exception>
    public static ISiloBuilder AddOrchestratorStorage(this ISiloBuilder builder, StorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        RequireNoStorage(builder);

        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(provider => new SqliteStorage(options, provider.GetService<TimeProvider>()));
        services.AddOptions<AdoNetGrainStorageOptions>(RecordKinds.Provider).Configure<SqliteStorage>(
            (provider, storage) =>
            {
                provider.Invariant = SqliteInvariant;
                provider.DataSource = storage.DataSource;
                provider.GrainStorageSerializer = RecordJson.Serializer;
            });
        services.AddGrainStorage(
            RecordKinds.Provider,
            (provider, name) => new SqliteGrainStorage(
                AdoNetGrainStorageFactory.Create(provider, name),
                provider.GetRequiredService<SqliteStorage>(),
                provider.GetRequiredService<ILogger<SqliteGrainStorage>>()));
        services.AddSingleton<IReadModel, SqliteReadModel>();
        return builder;
    }

    /// <summary>Keeps records in a PostgreSQL database that several silos share: the cluster profile.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="connectionString">
    /// Npgsql's connection string, such as <c>Host=db1;Database=orchestrator;Username=orchestrator</c>.
    /// </param>
    /// <returns>The silo's builder.</returns>
    /// <remarks>
    /// The silo refuses to start on a database without the schema of this program, with a
    /// <see cref="Schema.StorageRefusedException"/>; <see cref="PostgresStorage.InitializeAsync"/> makes it.
    /// The cluster's members and its reminders are kept in the same database.
    /// </remarks>
    /// <exception cref="ArgumentException">It is not a connection string, or names no host or no database.</exception>
    /// <exception cref="InvalidOperationException">The silo has an orchestrator storage already.</exception>
    public static ISiloBuilder AddOrchestratorPostgres(this ISiloBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(builder);
        PostgresStorage.Settings(connectionString);
        RequireNoStorage(builder);

        var services = builder.Services;
        services.AddSingleton(provider => new PostgresStorage(connectionString, provider.GetService<TimeProvider>()));
        services.AddOptions<AdoNetGrainStorageOptions>(RecordKinds.Provider).Configure<PostgresStorage>(
            (provider, storage) =>
            {
                provider.Invariant = PostgresInvariant;
                provider.DataSource = storage.DataSource;
                provider.GrainStorageSerializer = RecordJson.Serializer;
            });
        services.AddGrainStorage(
            RecordKinds.Provider,
            (provider, name) => new PostgresGrainStorage(
                AdoNetGrainStorageFactory.Create(provider, name),
                provider.GetRequiredService<PostgresStorage>(),
                provider.GetRequiredService<ILogger<PostgresGrainStorage>>()));
        services.AddSingleton<IReadModel, PostgresReadModel>();
        builder.UseAdoNetClustering(members => members.Invariant = PostgresInvariant);
        services.AddOptions<AdoNetClusteringSiloOptions>().Configure<PostgresStorage>(
            (members, storage) => members.DataSource = storage.DataSource);
        builder.UseAdoNetReminderService(reminders => reminders.Invariant = PostgresInvariant);
        services.AddOptions<AdoNetReminderTableOptions>().Configure<PostgresStorage>(
            (reminders, storage) => reminders.DataSource = storage.DataSource);
        return builder;
    }

    /// <summary>Keeps records in memory, for tests of grains; they end with the process.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="records">The records to work on; new ones of this silo alone where none are given.</param>
    /// <returns>The silo's builder.</returns>
    /// <exception cref="InvalidOperationException">The silo has an orchestrator storage already.</exception>
    public static ISiloBuilder AddOrchestratorMemoryStorage(this ISiloBuilder builder, MemoryRecords? records = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RequireNoStorage(builder);

        var services = builder.Services;
        services.AddSingleton(records ?? new MemoryRecords());
        services.AddGrainStorage(
            RecordKinds.Provider,
            (provider, _) => new MemoryRecordStorage(
                provider.GetRequiredService<MemoryRecords>(), provider.GetRequiredService<IActivatorProvider>()));
        services.AddSingleton<IReadModel, MemoryReadModel>();
        return builder;
    }

    private static void RequireNoStorage(ISiloBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(IReadModel)))
            throw new InvalidOperationException(
                "This silo has an orchestrator storage already. Call one of AddOrchestratorStorage, " +
                "AddOrchestratorPostgres and AddOrchestratorMemoryStorage, once.");
    }
}
