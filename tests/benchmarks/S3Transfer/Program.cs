// Sends or fetches shards as an agent would, and prints seconds and memory as one line of JSON.
//
//   s3-transfer prepare FOLDER COUNT MIB      makes shards of random bytes, and their manifest beside them
//   s3-transfer up|down|check STORE FOLDER    STORE as s3://bucket/prefix?endpoint=...; keys by environment
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Orchestrator.Checkpoints;
using Orchestrator.Checkpoints.S3;

const string Job = "job";
if (args is ["prepare", var made, var count, var mib])
{
    await PrepareAsync(made, Number(count), Number(mib));
    return 0;
}

if (args is not [("up" or "down" or "check") and var what, var uri, var folder])
{
    await Console.Error.WriteLineAsync("usage: s3-transfer prepare FOLDER COUNT MIB | up|down|check STORE FOLDER");
    return 2;
}

var shards = JsonSerializer.Deserialize<StoredShard[]>(await File.ReadAllTextAsync(Manifest(folder)))!;
using var store = new S3CheckpointStore(S3StoreOptions.Parse(uri));
var residentBefore = Status("VmRSS");
// So that the peak is that of the transfer.
await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
var clock = Stopwatch.StartNew();
var faults = await Task.WhenAll(shards.Select(TransferAsync));
var seconds = clock.Elapsed.TotalSeconds;
Console.WriteLine(JsonSerializer.Serialize(new
{
    seconds = Math.Round(seconds, 3),
    cpu_seconds = Math.Round(Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds, 2),
    growth_mib = (Status("VmHWM") - residentBefore) / 1024,
}));
foreach (var fault in faults.OfType<CheckpointFault>())
    await Console.Error.WriteLineAsync($"{fault.Code}: {fault.Sentence}");
return faults.Any(fault => fault is not null) ? 1 : 0;

Task<CheckpointFault?> TransferAsync(StoredShard shard) => what switch
{
    "up" => store.UploadShardAsync(Job, shard, Path.Combine(folder, shard.Path), $"{folder}/{shard.Rank}.record"),
    "down" => store.DownloadShardAsync(Job, shard, Path.Combine(folder, "back", shard.Path)),
    _ => store.ReadBackAsync(Job, shard),
};

static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

static string Manifest(string folder) => Path.Combine(folder, "manifest.json");

static async Task PrepareAsync(string folder, int count, int mib)
{
    var shards = new List<StoredShard>();
    for (var rank = 0; rank < count; rank++)
    {
        var path = $"step-00000001/attempt-1/rank-{rank}-{rank:x8}";
        Directory.CreateDirectory(Path.Combine(folder, path));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = File.Create(Path.Combine(folder, path, "weights.bin"));
        for (var block = 0; block < mib; block++)
        {
            var content = RandomNumberGenerator.GetBytes(1 << 20);
            hash.AppendData(content);
            await file.WriteAsync(content);
        }

        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        shards.Add(new StoredShard(rank, path, [new StoredFile("weights.bin", (long)mib << 20, sha256)]));
    }

    await File.WriteAllTextAsync(Manifest(folder), JsonSerializer.Serialize(shards));
}

static long Status(string name) => long.Parse(
    File.ReadLines("/proc/self/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal))
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
    CultureInfo.InvariantCulture);
