using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Client;

/// <summary>
/// Client of Orchestrator's control API: submit and follow jobs, read logs, look at nodes, pools and incidents.
/// </summary>
/// <remarks>
/// Answers are the protocol's own messages, as data. Every failure is an <see cref="OrchestratorException"/>; a
/// cancelled call throws <see cref="OperationCanceledException"/>. Thread-safe: one client serves a whole program and
/// shares its connections.
/// </remarks>
public sealed partial class OrchestratorClient : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Control.ControlClient _control;
    private readonly string _place;
    private readonly TimeSpan _callTimeout;

    /// <summary>Creates a client; the connection opens with the first call.</summary>
    /// <param name="server">Address of the control plane, e.g. <c>http://127.0.0.1:7070</c>.</param>
    /// <param name="options">Timeouts; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https URL.</exception>
    public OrchestratorClient(Uri server, OrchestratorClientOptions? options = null)
        : this([server], options)
    {
    }

    /// <summary>Creates a client of a cluster of silos; the connection opens with the first call.</summary>
    /// <param name="servers">
    /// Addresses of its silos, all http or all https. Any of them answers for the whole cluster: one is used until it
    /// fails, then the next.
    /// </param>
    /// <param name="options">Timeouts; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There is none, one is not an absolute http or https URL, or both kinds are mixed.
    /// </exception>
    public OrchestratorClient(IReadOnlyList<Uri> servers, OrchestratorClientOptions? options = null)
    {
        options ??= new OrchestratorClientOptions();
        Servers = ServerList.Check(servers);
        _place = string.Join(" or ", servers.Select(server => server.GetLeftPart(UriPartial.Authority)));
        _callTimeout = options.CallTimeout;
        _channel = ServerList.Open(servers, CreateHandler(options));
        _control = new Control.ControlClient(_channel);
    }

    /// <summary>Addresses of the control plane's silos.</summary>
    public IReadOnlyList<Uri> Servers { get; }

    /// <summary>Closes the connections; calls still under way fail.</summary>
    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SocketsHttpHandler CreateHandler(OrchestratorClientOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        KeepAlivePingDelay = options.KeepAlive,
        KeepAlivePingTimeout = options.KeepAlive,
        EnableMultipleHttp2Connections = true,
        // A proxy meant for web pages does not carry gRPC's clear-text HTTP/2.
        UseProxy = false,
    };

    private async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> start, CancellationToken cancellationToken)
    {
        try
        {
            // gRPC counts a deadline in wall time; it is converted to a timer at once, so a jump later does no harm.
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + _callTimeout;
            using var call = start(new CallOptions(deadline: deadline, cancellationToken: cancellationToken));
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            throw Translate(error, cancellationToken);
        }
    }

    private async IAsyncEnumerable<T> StreamAsync<T>(
        Func<CallOptions, AsyncServerStreamingCall<T>> start,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = start(new CallOptions(cancellationToken: cancellationToken));
        while (await MoveNextAsync(call.ResponseStream, cancellationToken).ConfigureAwait(false))
        {
            yield return call.ResponseStream.Current;
        }
    }

    private async Task<bool> MoveNextAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException error)
        {
            throw Translate(error, cancellationToken);
        }
    }

    /// <summary>
    /// Tells the caller's own cancellation from the control plane's: one that shuts down cancels its open streams.
    /// </summary>
    private Exception Translate(RpcException error, CancellationToken cancellationToken) =>
        error.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested
            ? new OperationCanceledException("The call was cancelled.", error, cancellationToken)
            : ErrorTable.Translate(error, _place);
}
