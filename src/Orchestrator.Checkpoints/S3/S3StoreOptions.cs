namespace Orchestrator.Checkpoints.S3;

/// <summary>How the store encrypts what it keeps.</summary>
public enum S3Encryption
{
    /// <summary>As the bucket is set up.</summary>
    None,

    /// <summary>With keys that the store keeps itself (SSE-S3).</summary>
    Aes256,

    /// <summary>With a key of a key management service (SSE-KMS).</summary>
    Kms,
}

/// <summary>By what the store refuses content that was altered on its way to it.</summary>
/// <remarks><see cref="S3CheckpointStore.ProbeAsync"/> finds the fastest that the store really compares.</remarks>
public enum S3Checksum
{
    /// <summary>The SHA-256 in the request's signature, which is part of the protocol and nothing beside it.</summary>
    Signature,

    /// <summary>Content-MD5, for stores that do not compare the former. Takes more than twice its time.</summary>
    Md5,

    /// <summary>
    /// x-amz-checksum-crc32, which over https saves the SHA-256. Many stores ignore it silently, so set it only where a
    /// probe says so.
    /// </summary>
    Crc32,
}

/// <summary>Where a bucket is, and how it is used.</summary>
/// <remarks>
/// There is no room for keys: they come from the environment, a profile or the instance's role, in the order of the
/// AWS SDK.
/// </remarks>
public sealed record S3StoreOptions
{
    /// <summary>The least size of a part that S3 takes, but for an object's last.</summary>
    public const int LeastPartBytes = 5 << 20;

    /// <summary>The largest <see cref="PartBytes"/>.</summary>
    public const int MostPartBytes = 1 << 30;

    /// <summary>The largest <see cref="Concurrency"/>.</summary>
    public const int MostConcurrency = 64;

    /// <summary>The bucket; it must exist.</summary>
    public required string Bucket { get; init; }

    /// <summary>What the keys begin with, without '/' at either end. May be empty, which is the default.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The store's address, e.g. "http://ceph:7480"; null, the default, for AWS.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>
    /// The region; null, the default, for the SDK's own search at AWS, and for "us-east-1" elsewhere.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>
    /// True when the bucket stands in the path, false when in the host name; null, the default, for true where there is
    /// an <see cref="Endpoint"/> and false at AWS.
    /// </summary>
    public bool? PathStyle { get; init; }

    /// <summary>How the store encrypts. Default: as the bucket is set up.</summary>
    public S3Encryption Encryption { get; init; }

    /// <summary>Id or ARN of the key for <see cref="S3Encryption.Kms"/>; null for the account's own.</summary>
    public string? KmsKey { get; init; }

    /// <summary>Bytes that this host may send in a second in all; 0, the default, for no limit.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Size of a part; files up to it are sent in one piece. Default: 16 MiB.</summary>
    public int PartBytes { get; init; } = 16 << 20;

    /// <summary>Requests with content at the same time, of all files and shards together. Default: 4.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>The checksum of uploads. Default: the signature's.</summary>
    public S3Checksum Checksum { get; init; }

    internal bool UsesPathStyle => PathStyle ?? Endpoint is not null;

    internal bool IsEncrypted => Endpoint is null || Endpoint.Scheme == "https";

    /// <summary>The store's address for a person.</summary>
    internal string Place => Endpoint?.GetLeftPart(UriPartial.Authority) ?? $"AWS ({Region ?? "region of the host"})";

    /// <summary>Reads the options from one line.</summary>
    /// <param name="uri">
    /// "s3://bucket/prefix", and any of these after a '?': endpoint, region, path_style (true, false), encryption
    /// (none, AES256, aws:kms), kms_key, bytes_per_second, part_bytes, concurrency, checksum (signature, md5,
    /// crc32). Sizes may end with KiB, MiB or GiB.
    /// </param>
    /// <returns>Options that have passed <see cref="Problem"/>.</returns>
    /// <exception cref="FormatException">Something is wrong; the message says what, where, and what to do.</exception>
    public static S3StoreOptions Parse(string uri) => S3StoreUri.Parse(uri);

    /// <summary>The counterpart of <see cref="Parse"/>: one line that says all that is not the default.</summary>
    /// <returns>A line from which the same options are read.</returns>
    public string ToUri() => S3StoreUri.Format(this);

    /// <summary>What is wrong with the options, and what to do about it; null when nothing is.</summary>
    /// <returns>One sentence, or null.</returns>
    public string? Problem() => S3StoreRules.Problem(this);
}
