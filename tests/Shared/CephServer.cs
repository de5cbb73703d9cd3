using System.Diagnostics;

namespace Orchestrator.Testing;

/// <summary>
/// An S3 store of its own: Ceph's gateway on a free port of 127.0.0.1, with everything in memory. It starts with the
/// first test that asks for it and ends with the tests, however they end: it runs until its standard input does.
/// </summary>
public sealed class CephServer : IAsyncDisposable
{
    public const string AccessKey = "test-access";
    public const string SecretKey = "test-secret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Lazy<Task<Uri>> _endpoint;
    private Process? _server;

    public CephServer() => _endpoint = new Lazy<Task<Uri>>(StartAsync);

    /// <summary>Its address.</summary>
    public Task<Uri> EndpointAsync() => _endpoint.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server is not { } server)
            return;
        server.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        await server.WaitForExitAsync(deadline.Token);
        server.Dispose();
    }

    private async Task<Uri> StartAsync()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "ceph.sh");
        _server = Process.Start(new ProcessStartInfo("bash", [script, AccessKey, SecretKey])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = _server.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        return await _server.StandardOutput.ReadLineAsync(deadline.Token) is { } address
            ? new Uri(address)
            : throw new InvalidOperationException(
                "Ceph did not start; it needs apt-get install ceph-mon ceph-osd radosgw ceph-common:\n" + await said);
    }
}
