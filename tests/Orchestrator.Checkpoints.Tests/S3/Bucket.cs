using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Orchestrator.Checkpoints.S3;
using Orchestrator.Testing;

namespace Orchestrator.Checkpoints.Tests.S3;

/// <summary>A bucket of a test's own, a folder on this host, and shards to send from one to the other.</summary>
internal sealed class Bucket : IDisposable
{
    public const string Job = "job";
    private static int _buckets;

    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
    private readonly Random _random = new(1);
    private int _shards;

    private Bucket(Uri endpoint)
    {
        Options = new S3StoreOptions
        {
            Bucket = $"test-{Interlocked.Increment(ref _buckets)}",
            Prefix = "team/a",
            Endpoint = endpoint,
            PartBytes = S3StoreOptions.LeastPartBytes,
        };
        Client = new AmazonS3Client(Credentials, new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
    }

    /// <summary>Keys that the server knows.</summary>
    public static AWSCredentials Credentials { get; } =
        new BasicAWSCredentials(CephServer.AccessKey, CephServer.SecretKey);

    /// <summary>The server's keys, and retries that are soon over.</summary>
    public static S3Surroundings Surroundings { get; } = new()
    {
        Credentials = Credentials,
        Retries = new RetryLimits(6, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(20)),
    };

    public S3StoreOptions Options { get; }

    /// <summary>To look at the bucket without the code under test.</summary>
    public AmazonS3Client Client { get; }

    public static async Task<Bucket> CreateAsync(CephServer ceph)
    {
        var bucket = new Bucket(await ceph.EndpointAsync());
        await bucket.Client.PutBucketAsync(bucket.Options.Bucket);
        return bucket;
    }

    /// <summary>The store under test.</summary>
    /// <param name="endpoint">Another way to the server; null for the straight one.</param>
    public S3CheckpointStore Open(Uri? endpoint = null) =>
        new(Options with { Endpoint = endpoint ?? Options.Endpoint }, null, Surroundings);

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>A sealed shard with random content.</summary>
    public async Task<(StoredShard Shard, string Directory)> MakeShardAsync(
        long step, int attempt, params (string Name, int Bytes)[] files)
    {
        var path = $"step-{step:D8}/attempt-{attempt}/rank-0-{++_shards:x8}";
        var directory = PathOf(path);
        var stored = new List<StoredFile>();
        foreach (var (name, bytes) in files)
        {
            var content = new byte[bytes];
            _random.NextBytes(content);
            var file = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, content);
            stored.Add(new StoredFile(name, bytes, Convert.ToHexStringLower(SHA256.HashData(content))));
        }

        return (new StoredShard(0, path, stored), directory);
    }

    /// <summary>Compares files that are too large for an assertion on each byte.</summary>
    public static void ShouldBeSame(StoredShard shard, string expected, string actual)
    {
        foreach (var file in shard.Files)
        {
            File.ReadAllBytes(Path.Combine(actual, file.Name)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(expected, file.Name))).ShouldBeTrue(file.Name);
        }
    }

    public string KeyOf(StoredShard shard, string name) => $"{Options.Prefix}/{Job}/{shard.Path}/{name}";

    public async Task<string[]> KeysAsync()
    {
        var found = await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Options.Bucket });
        return [.. (found.S3Objects ?? []).Select(entry => entry.Key[(Options.Prefix.Length + 1)..])];
    }

    public async Task<int> CountUploadsAsync()
    {
        var found = await Client.ListMultipartUploadsAsync(Options.Bucket);
        return found.MultipartUploads?.Count ?? 0;
    }

    public void Dispose()
    {
        Client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
