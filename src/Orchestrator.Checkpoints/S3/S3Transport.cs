using System.Net.Sockets;
using Amazon.Runtime;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Gives the SDK one client for all requests, whose connections are kept and are <see cref="WireStream"/>s.
/// </summary>
internal sealed class S3Transport : Amazon.Runtime.HttpClientFactory, IDisposable
{
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);
    private readonly BandwidthLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public S3Transport(BandwidthLimiter limiter, TimeProvider time)
    {
        _limiter = limiter;
        _time = time;
        // Owned and disposed by the client.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Connect,
            ConnectCallback = async (context, token) => await OpenAsync(context, token),
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    private async Task<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            socket.ReceiveTimeout = (int)Stall.TotalMilliseconds;
            return new WireStream(new NetworkStream(socket, ownsSocket: true), _limiter, Stall, _time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
