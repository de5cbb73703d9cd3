using System.Text.RegularExpressions;

namespace Orchestrator.Checkpoints.S3;

internal static partial class S3StoreRules
{
    public static string? Problem(S3StoreOptions options) =>
        OfNames(options) ?? OfEndpoint(options.Endpoint) ?? OfEncryption(options) ?? OfNumbers(options);

    private static string? OfNames(S3StoreOptions options)
    {
        if (!BucketName().IsMatch(options.Bucket))
        {
            return $"The bucket '{options.Bucket}' is no bucket name: use 3 to 63 lower-case letters, digits, '.' and "
                + "'-', as in s3://checkpoints/team.";
        }

        return options.Prefix is "" || S3Keys.IsPath(options.Prefix) ? null
            : $"The prefix '{options.Prefix}' has an empty part, '.' or '..'; write it as in s3://checkpoints/team/a.";
    }

    private static string? OfEndpoint(Uri? endpoint) =>
        endpoint is null || (endpoint.IsAbsoluteUri && endpoint.Scheme is "http" or "https"
            && endpoint is { PathAndQuery: "/", UserInfo: "" })
            ? null
            : $"The endpoint '{endpoint}' is no address of a store; write scheme, host and port only, as in "
                + "http://ceph:7480. Keys belong in the environment.";

    private static string? OfEncryption(S3StoreOptions options) =>
        options.KmsKey is null || options.Encryption == S3Encryption.Kms ? null
            : "A KMS key is named without the encryption aws:kms; set the encryption, or leave the key out.";

    private static string? OfNumbers(S3StoreOptions options)
    {
        if (options.PartBytes is < S3StoreOptions.LeastPartBytes or > S3StoreOptions.MostPartBytes)
        {
            return $"The part size is {options.PartBytes} bytes; use 5 MiB to 1 GiB, since S3 takes no other parts.";
        }

        if (options.Concurrency is < 1 or > S3StoreOptions.MostConcurrency)
            return $"The concurrency is {options.Concurrency}; use 1 to {S3StoreOptions.MostConcurrency} requests.";
        return options.BytesPerSecond >= 0 ? null
            : $"The limit is {options.BytesPerSecond} bytes per second; use 0 for none, or a positive number.";
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();
}
