using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Orchestrator.Checkpoints.S3;

/// <summary>What tests replace.</summary>
internal sealed record S3Surroundings
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Null for the SDK's search.</summary>
    public AWSCredentials? Credentials { get; init; }

    public RetryLimits Retries { get; init; } = RetryLimits.Default;

    /// <summary>Keys of a listing's page; S3 gives no more than this.</summary>
    public int PageKeys { get; init; } = 1000;
}

/// <summary>The SDK's client of one bucket, with our retries, and a bound for requests that carry content.</summary>
internal sealed class S3Connection : IDisposable
{
    private const int BufferBytes = 256 << 10;
    private readonly S3Transport _transport;
    private readonly Slots _slots;
    private readonly Retries _retries;
    private readonly Lazy<AmazonS3Client> _client;

    public S3Connection(S3StoreOptions options, BandwidthLimiter limiter, S3Surroundings surroundings)
    {
        Options = options;
        PageKeys = surroundings.PageKeys;
        Keys = new S3Keys(options.Prefix);
        _transport = new S3Transport(limiter, surroundings.Time);
        _slots = new Slots(options.Concurrency);
        _retries = new Retries(options, surroundings.Retries, surroundings.Time);
        // Made by the first call, which turns a missing region into a fault.
        _client = new Lazy<AmazonS3Client>(
            () => surroundings.Credentials is { } credentials
                ? new AmazonS3Client(credentials, Configure())
                : new AmazonS3Client(Configure()),
            LazyThreadSafetyMode.PublicationOnly);
    }

    public S3StoreOptions Options { get; }

    public S3Keys Keys { get; }

    public int PageKeys { get; }

    /// <summary>True where the signature leaves the content out; the SDK does so over TLS only.</summary>
    public bool IsUnsigned => Options.IsEncrypted && Options.Checksum != S3Checksum.Signature;

    /// <summary>Parallel work over files or parts.</summary>
    public ParallelOptions InParallel(CancellationToken cancellationToken) => new()
    {
        MaxDegreeOfParallelism = Options.Concurrency,
        CancellationToken = cancellationToken,
    };

    /// <summary>One request, tried again when that may help.</summary>
    /// <param name="what">What the bucket is asked to do, e.g. "list the job's uploads".</param>
    /// <param name="call">The request, with the reading of its answer's content.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreFaultException">It failed for good.</exception>
    public Task<T> CallAsync<T>(
        string what, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        CallAsync(what, 0, call, cancellationToken);

    /// <summary>A request for a part of a file.</summary>
    /// <param name="what">What the bucket is asked to do.</param>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T> CallAsync<T>(
        string what, long part, Func<IAmazonS3, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken)
    {
        // Kept during the waits between tries: what others would ask a store in trouble meanwhile only adds to it.
        await _slots.WaitAsync(part, cancellationToken);
        try
        {
            return await _retries.RunAsync(what, token => call(_client.Value, token), cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    public Task CallAsync(
        string what, Func<IAmazonS3, CancellationToken, Task> call, CancellationToken cancellationToken) =>
        CallAsync(what, async (client, token) =>
        {
            await call(client, token);
            return true;
        }, cancellationToken);

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
        _transport.Dispose();
    }

    private AmazonS3Config Configure()
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = Options.UsesPathStyle,
            MaxErrorRetry = 0,
            // Counted apart, and ten unless told: each of our tries would ask a store that breaks off eleven times.
            MaxStaleConnectionRetries = 0,
            // Checksums are set by hand: the SDK's own come as trailers, which many stores refuse.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            BufferSize = BufferBytes,
            HttpClientFactory = _transport,
        };
        if (Options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = Options.Region ?? "us-east-1";
        }
        else if (Options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }
}
