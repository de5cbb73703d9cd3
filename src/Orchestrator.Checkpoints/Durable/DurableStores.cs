using Orchestrator.Checkpoints.S3;

namespace Orchestrator.Checkpoints.Durable;

/// <summary>Opens stores by what a job file names.</summary>
public static class DurableStores
{
    private const string BucketScheme = "s3://";

    /// <summary>Whether the name is of a bucket, and not of a folder.</summary>
    /// <param name="store">The store as the job names it.</param>
    /// <returns>True for s3://.</returns>
    public static bool IsBucket(string store) => store.StartsWith(BucketScheme, StringComparison.Ordinal);

    /// <summary>Opens a store; nothing is asked of it yet.</summary>
    /// <param name="store">An absolute path, or s3://BUCKET/PREFIX with its options.</param>
    /// <param name="ofHost">The bound for what the stores of this host send together; null for none.</param>
    /// <returns>The store.</returns>
    /// <exception cref="FormatException">The name of a bucket has a problem; the message says which.</exception>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    public static IDurableStore Open(string store, BandwidthLimiter? ofHost = null) => IsBucket(store)
        ? new S3CheckpointStore(S3StoreOptions.Parse(store), ofHost)
        : new FolderDurableStore(store);

    /// <summary>Writes, reads and deletes something small, and finds out how the store wants to be used.</summary>
    /// <param name="store">An absolute path, or s3://BUCKET/PREFIX with its options.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The store with the options that work, or the fault.</returns>
    public static async Task<StoreAnswer<string>> ProbeAsync(
        string store, CancellationToken cancellationToken = default)
    {
        try
        {
            if (!IsBucket(store))
            {
                var fault = await Task.Run(() => FolderProbe.Run(store), cancellationToken);
                return new StoreAnswer<string>(fault is null ? store : null, fault);
            }

            var found = await S3CheckpointStore.ProbeAsync(S3StoreOptions.Parse(store), cancellationToken);
            return new StoreAnswer<string>(found.Value?.ToUri(), found.Fault);
        }
        catch (FormatException wrong)
        {
            return new StoreAnswer<string>(null, new CheckpointFault("store_options_wrong", wrong.Message));
        }
    }
}
