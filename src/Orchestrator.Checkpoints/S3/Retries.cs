using System.Security.Cryptography;

namespace Orchestrator.Checkpoints.S3;

/// <summary>How often and how soon a request is tried again.</summary>
/// <param name="Tries">Tries in all.</param>
/// <param name="First">The longest wait before the second; each further one is at most twice as long.</param>
/// <param name="Most">The longest wait of all.</param>
internal sealed record RetryLimits(int Tries, TimeSpan First, TimeSpan Most)
{
    /// <summary>Three tries within about a second: a person waits for the answer.</summary>
    public static RetryLimits Probe { get; } = new(3, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));

    /// <summary>Eight tries within about 12 s, at most 26.</summary>
    public static RetryLimits Default { get; } =
        new(8, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));
}

/// <summary>
/// Tries again with exponential backoff and jitter. The only policy there is: the SDK's own is off, since it ends where
/// an answer's content begins, and two policies would multiply.
/// </summary>
internal sealed class Retries(S3StoreOptions options, RetryLimits limits, TimeProvider time)
{
    private const int JitterSteps = 1000;

    /// <exception cref="StoreFaultException">It did not pass, or there was no use in trying again.</exception>
    public async Task<T> RunAsync<T>(
        string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && S3Faults.IsKnown(exception))
            {
                if (tries >= limits.Tries || !S3Faults.IsPassing(exception))
                    throw S3Faults.Describe(exception, what, options, tries);
            }

            await Task.Delay(Backoff(tries), time, cancellationToken);
        }
    }

    // Anything from nothing to the whole wait: hosts that failed together do not come back together.
    private TimeSpan Backoff(int tries)
    {
        var longest = Math.Min(limits.First.TotalSeconds * Math.Pow(2, tries - 1), limits.Most.TotalSeconds);
        return TimeSpan.FromSeconds(longest * RandomNumberGenerator.GetInt32(JitterSteps) / JitterSteps);
    }
}
