using System.Net;
using Orchestrator.Checkpoints;
using Orchestrator.Checkpoints.Durable;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Stores shards in the memory of other hosts, and fetches them from there.</summary>
/// <remarks>
/// Plain HTTP/1.1, a request for each file: a checkpoint is many large bodies and no conversation, and frames on frames
/// would cost as much as the copy itself.
/// </remarks>
internal sealed class PeerShards(OpenSaves saves) : IDisposable
{
    /// <summary>The other host could not be asked, or broke off: it may answer later.</summary>
    public const string Unreachable = "peer_unreachable";

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StallPatience = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = ConnectPatience,
        UseProxy = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Has another host hold a shard.</summary>
    /// <returns>Null when it holds it, verified; otherwise its refusal, or why it could not be asked.</returns>
    public Task<CheckpointFault?> SendAsync(
        ShardHolder to, ShardOffer offer, string directory, CancellationToken cancellationToken) =>
        GuardAsync(to, async () =>
        {
            if (await PostAsync(to, "offers", offer, cancellationToken) is { } refusal)
                return refusal;
            return await ForEachFileAsync(
                    offer.Shard, (file, token) => PutAsync(to, offer, directory, file, token), cancellationToken)
                ?? await PostAsync(to, "offers/complete", offer, cancellationToken);
        });

    /// <summary>Fetches a shard from another host's memory into a directory that does not exist yet.</summary>
    /// <returns>Null when it is there and as its manifest says, or the fault.</returns>
    public Task<CheckpointFault?> FetchAsync(
        ShardHolder from, string jobId, StoredShard shard, string target, CancellationToken cancellationToken) =>
        GuardAsync(from, async () =>
        {
            var incoming = target + ShardCopy.Incoming;
            try
            {
                if (Directory.Exists(incoming))
                    Directory.Delete(incoming, recursive: true);
                Directory.CreateDirectory(incoming);
                var fault = await ForEachFileAsync(
                    shard, (file, token) => GetAsync(from, jobId, shard, file, incoming, token), cancellationToken);
                if (fault is null)
                    Directory.Move(incoming, target);
                return fault;
            }
            finally
            {
                if (Directory.Exists(incoming))
                    Directory.Delete(incoming, recursive: true);
            }
        });

    /// <summary>Reads a shard in another host's memory and compares it with its manifest; nothing is written.</summary>
    /// <returns>Null when it is as its manifest says, or the fault.</returns>
    public Task<CheckpointFault?> CheckAsync(
        ShardHolder from, string jobId, StoredShard shard, CancellationToken cancellationToken) =>
        GuardAsync(from, () => ForEachFileAsync(
            shard, (file, token) => GetAsync(from, jobId, shard, file, directory: null, token), cancellationToken));

    public void Dispose() => _http.Dispose();

    private static async Task<CheckpointFault?> ForEachFileAsync(
        StoredShard shard, Func<StoredFile, CancellationToken, Task<CheckpointFault?>> transfer,
        CancellationToken cancellationToken)
    {
        CheckpointFault? first = null;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = CheckpointLimits.ParallelFiles,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(shard.Files, options, async (file, token) =>
        {
            if (first is null && await transfer(file, token) is { } fault)
                first = fault;
        });
        return first;
    }

    private static async Task<CheckpointFault?> GuardAsync(ShardHolder peer, Func<Task<CheckpointFault?>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is HttpRequestException or UriFormatException or HttpIOException)
        {
            return new CheckpointFault(
                Unreachable, $"{peer.Node} at {peer.Address} could not be asked: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckpointFault("target_unwritable", exception.Message);
        }
    }

    private async Task<CheckpointFault?> PostAsync(
        ShardHolder to, string what, ShardOffer offer, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsJsonAsync(Address(to, what), offer, cancellationToken);
        return await RefusalAsync(to, answer, cancellationToken);
    }

    private async Task<CheckpointFault?> PutAsync(
        ShardHolder to, ShardOffer offer, string directory, StoredFile file, CancellationToken cancellationToken)
    {
        using var body = new ShardFileContent(Path.Combine(directory, file.Name), saves);
        using var answer = await _http.PutAsync(Address(to, FilePath(offer.JobId, offer.Shard, file)), body,
            cancellationToken);
        return await RefusalAsync(to, answer, cancellationToken);
    }

    private async Task<CheckpointFault?> GetAsync(
        ShardHolder from, string jobId, StoredShard shard, StoredFile file, string? directory,
        CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(
            Address(from, FilePath(jobId, shard, file)), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (await RefusalAsync(from, answer, cancellationToken) is { } refusal)
            return refusal;
        await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var path = directory is null ? null : Path.Combine(directory, file.Name);
        if (path is not null)
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return await ReceivedFile.WriteAsync(
            path, file, $"{file.Name} of {shard.Path} from {from.Node}", content.ReadAsync, StallPatience,
            cancellationToken);
    }

    private static async Task<CheckpointFault?> RefusalAsync(
        ShardHolder peer, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
            return null;
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return new CheckpointFault("shard_missing", $"{peer.Node} does not hold it any more.");
        return answer.StatusCode == HttpStatusCode.Conflict
            && await answer.Content.ReadFromJsonAsync<CheckpointFault>(cancellationToken) is { } refusal
            ? refusal
            : throw new HttpRequestException($"it answered {(int)answer.StatusCode}");
    }

    private static Uri Address(ShardHolder peer, string path) => new($"http://{peer.Address}/{path}");

    private static string FilePath(string jobId, StoredShard shard, StoredFile file) =>
        $"jobs/{jobId}/{shard.Path}/{string.Join('/', file.Name.Split('/').Select(Uri.EscapeDataString))}";
}
