using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Gateway.Control;

/// <summary>
/// Makes ids of jobs: the name, so that people recognise it, and a few letters, so that it is one of a kind.
/// </summary>
internal static class JobIds
{
    // No vowels and no look-alikes: ids must not spell words and must survive being read aloud.
    private const string Letters = "bcdfghjkmnpqrstvwxz23456789";
    private const int Length = 5;

    /// <summary>An id for a submission; the same key and name give the same id.</summary>
    /// <param name="name">The job's name.</param>
    /// <param name="idempotencyKey">The submission's key; empty for none.</param>
    /// <returns>The id.</returns>
    public static string Make(string name, string idempotencyKey)
    {
        var seed = idempotencyKey.Length > 0
            ? SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{idempotencyKey}"))
            : RandomNumberGenerator.GetBytes(Length);
        return $"{name}-{string.Concat(seed.Take(Length).Select(value => Letters[value % Letters.Length]))}";
    }
}
