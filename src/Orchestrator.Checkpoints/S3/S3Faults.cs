using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Orchestrator.Checkpoints.S3;

/// <summary>What an exception of the SDK means: whether it passes, and what a person can do about it.</summary>
internal static class S3Faults
{
    // Altered on its way counts as passing: the next try sends the same bytes again.
    private static readonly HashSet<string> PassingCodes = new(StringComparer.Ordinal)
    {
        "BadDigest", "ConditionalRequestConflict", "IncompleteBody", "InternalError", "OperationAborted",
        "RequestTimeout", "ServiceUnavailable", "SlowDown", "Throttling", "ThrottlingException",
        "TooManyRequests", "XAmzContentSHA256Mismatch",
    };

    /// <summary>True for what is worth another try.</summary>
    public static bool IsPassing(Exception exception) => exception switch
    {
        AmazonUnmarshallingException => true,
        AmazonServiceException { StatusCode: not 0 } service =>
            (service.StatusCode is >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented)
            || service.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            || PassingCodes.Contains(service.ErrorCode ?? ""),
        _ => IsNetwork(exception),
    };

    /// <summary>True for exceptions of the SDK and the network; others are errors of this program.</summary>
    public static bool IsKnown(Exception exception) =>
        exception is AmazonClientException or AmazonServiceException || IsNetwork(exception);

    public static StoreFaultException Describe(
        Exception exception, string what, S3StoreOptions options, int tries)
    {
        var (code, advice) = Judge(exception, options);
        var said = exception is AmazonServiceException { StatusCode: not 0 } service
            ? $"{(int)service.StatusCode} {service.ErrorCode}: {service.Message.TrimEnd('.')}"
            : Innermost(exception).Message.TrimEnd('.');
        var often = tries > 1 ? $", after {tries} tries" : "";
        return new StoreFaultException(code,
            $"Bucket '{options.Bucket}' at {options.Place} could not {what}{often} ({said}); {advice}.", exception);
    }

    private static (string Code, string Advice) Judge(Exception exception, S3StoreOptions options)
    {
        if (exception is AmazonServiceException { StatusCode: not 0 } service)
            return JudgeAnswer(service, options);
        if (IsNetwork(exception) && !IsAboutCredentials(exception))
            return ("store_unreachable", "check the endpoint, the name service and the network of this host");
        return IsAboutCredentials(exception)
            ? ("store_no_credentials", "give this host keys by environment, profile or instance role")
            : ("store_refused", "check the store's options");
    }

    private static (string Code, string Advice) JudgeAnswer(AmazonServiceException exception, S3StoreOptions options) =>
        exception.ErrorCode switch
        {
            "NoSuchBucket" => ("store_no_bucket", "create the bucket, or name another"),
            "RequestTimeTooSkewed" => ("store_clock_skew", "set this host's clock, which differs from the store's"),
            "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
                ("store_wrong_region", $"the bucket is not in region '{options.Region ?? "us-east-1"}', name its own"),
            _ when IsPassing(exception) => ("store_failing", "the store is in trouble; look at its own health"),
            _ => exception.StatusCode switch
            {
                HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect =>
                    ("store_wrong_region", "the bucket is elsewhere, name its region or endpoint"),
                HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized =>
                    ("store_access_denied", "check the keys, and that they may read, write, list and delete there"),
                HttpStatusCode.NotFound => ("store_no_bucket", "check bucket, endpoint and path style"),
                _ => ("store_refused", "check the store's options and its compatibility with S3"),
            },
        };

    private static bool IsNetwork(Exception exception) => Chain(exception).Any(inner =>
        inner is HttpRequestException or SocketException or IOException or TimeoutException
            or OperationCanceledException);

    private static bool IsAboutCredentials(Exception exception) => Chain(exception).Any(inner =>
        inner.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase));

    private static Exception Innermost(Exception exception) => Chain(exception).Last();

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
            yield return inner;
    }
}
