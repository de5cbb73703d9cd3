using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Orchestrator.Testing;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder, with fsync on. It starts with the first database that a test
/// asks for, and ends with the tests.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Installed = "/usr/lib/postgresql";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-postgres-").FullName;
    private readonly Lazy<Task> _first;
    private Process? _server;

    public PostgresServer() => _first = new Lazy<Task>(InitializeAsync);

    /// <summary>Its port on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; } = FreePort();

    private static string Binaries => Directory.Exists(Installed)
        ? Directory.EnumerateDirectories(Installed).OrderDescending(StringComparer.Ordinal)
            .Select(version => Path.Combine(version, "bin")).First(Directory.Exists)
        : throw new InvalidOperationException("PostgreSQL is missing: apt-get install postgresql-15");

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = "postgres",
        Timeout = 5,
        Pooling = false,
    }.ConnectionString;

    /// <summary>Makes an empty database.</summary>
    /// <returns>How to connect to it.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        await _first.Value;
        var name = "test_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>A backup of one database into another, empty one, as docs/production.md does it.</summary>
    /// <param name="from">How to connect to the first.</param>
    /// <param name="to">How to connect to the second.</param>
    public async Task CopyAsync(string from, string to)
    {
        var dump = Path.Combine(_folder, "orchestrator.dump");
        string[] server = ["--host=127.0.0.1", $"--port={Port}", "--username=postgres"];
        await RunAsync([Program("pg_dump"), .. server, "--format=custom", $"--file={dump}", Name(from)]);
        await RunAsync([Program("pg_restore"), .. server, $"--dbname={Name(to)}", dump]);
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>The first value of its answer.</returns>
    public Task<object?> ExecuteAsync(string database, string sql) => ExecuteOnAsync(ConnectionString(database), sql);

    public static async Task<object?> ExecuteOnAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async Task StartAsync()
    {
        var command = AsPostgres("postgres");
        _server = Process.Start(new ProcessStartInfo(
            command[0],
            [.. command[1..], "-D", Data, "-k", _folder, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1"])
        {
            RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(Patience);
        var said = "";
        while (await _server.StandardError.ReadLineAsync(deadline.Token) is { } line)
        {
            said += line + '\n';
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                // Nobody reads what it says from here on, and a full pipe would stop it.
                _ = _server.StandardError.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException("PostgreSQL did not start:\n" + said);
    }

    /// <summary>Ends the server at once, as a crash would.</summary>
    public async Task CrashAsync() => await EndAsync("-KILL");

    public async ValueTask DisposeAsync()
    {
        await EndAsync("-INT");
        Directory.Delete(_folder, recursive: true);
    }

    private static string Program(string name) => Path.Combine(Binaries, name);

    private static string Name(string connection) => new NpgsqlConnectionStringBuilder(connection).Database!;

    private string Data => Path.Combine(_folder, "data");

    private async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", _folder);
        await RunAsync(
            [.. AsPostgres("initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8"]);
        await StartAsync();
    }

    private async Task EndAsync(string signal)
    {
        if (_server is not { } server)
            return;
        _server = null;
        await RunAsync("kill", signal, $"{server.Id}");
        using var deadline = new CancellationTokenSource(Patience);
        await server.WaitForExitAsync(deadline.Token);
        server.Dispose();
    }

    // It refuses to run as root.
    private static string[] AsPostgres(string program) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(Binaries, program)]
        : [Path.Combine(Binaries, program)];

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} failed: {error}{await output}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
