using System.Globalization;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Names of a job's objects.</summary>
internal sealed class S3Keys
{
    private const string Manifests = "manifests/";
    private readonly string _prefix;

    public S3Keys(string prefix) => _prefix = prefix is "" ? "" : prefix + '/';

    /// <summary>True for parts between '/' that lead nowhere else.</summary>
    public static bool IsPath(string path) => path.Split('/').All(part => part is not ("" or "." or ".."));

    public string OfJob(string jobId)
    {
        if (!IsPath(jobId) || jobId.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"The job id '{jobId}' is not one path segment.", nameof(jobId));
        return $"{_prefix}{jobId}/";
    }

    public string OfFile(string jobId, StoredShard shard, StoredFile file)
    {
        var path = $"{shard.Path}/{file.Name}";
        return IsPath(path) ? OfJob(jobId) + path : throw new StoreFaultException(
            "manifest_path_outside", $"The manifest names {path}, outside its job.");
    }

    public string OfManifests(string jobId) => OfJob(jobId) + Manifests;

    public string OfManifest(StoredCheckpoint checkpoint) => string.Create(
        CultureInfo.InvariantCulture,
        $"{OfManifests(checkpoint.JobId)}step-{checkpoint.Step:D8}-attempt-{checkpoint.Attempt}.json");

    public string OfProbe(string random) => $"{_prefix}.probe/{random}";
}
