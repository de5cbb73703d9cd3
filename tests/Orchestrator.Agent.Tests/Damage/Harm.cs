using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Agent.Tests.Damage;

/// <summary>Harm done to one checkpoint.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Words">What the refusal must name: the file or the shard.</param>
/// <param name="Manifest">The manifest afterwards; the same but where the harm is in the manifest itself.</param>
internal sealed record Harm(DamageKind Kind, string Words, CheckpointManifest Manifest)
{
    /// <summary>Does harm to a checkpoint's files, or to its manifest.</summary>
    /// <param name="kind">What to do.</param>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="jobFolder">The job's folder in the store.</param>
    /// <param name="chance">Chooses shard, file and place.</param>
    public static Harm Do(DamageKind kind, CheckpointManifest manifest, string jobFolder, Random chance)
    {
        var shard = manifest.Shards[chance.Next(manifest.Shards.Length)];
        var folder = Path.Combine(jobFolder, shard.Path);
        // Of an empty file nothing can be cut and no bit flipped.
        var files = shard.Files.Where(file => file.SizeBytes > 0).ToArray();
        var file = files[chance.Next(files.Length)];
        var path = Path.Combine(folder, file.Name);
        switch (kind)
        {
            case DamageKind.CutShort:
                Rewrite(path, bytes => bytes[..chance.Next(1, bytes.Length)]);
                break;
            case DamageKind.FlippedBit or DamageKind.AfterThePrepare:
                Rewrite(path, bytes => Flip(bytes, chance));
                break;
            case DamageKind.EmptyFile:
                Rewrite(path, _ => []);
                break;
            case DamageKind.FileMissing:
                File.Delete(path);
                break;
            case DamageKind.ShardMissing:
                Directory.Delete(folder, recursive: true);
                return new Harm(kind, folder, manifest);
            case DamageKind.StrangerInShard:
                var stranger = Path.Combine(folder, chance.Next(2) == 0 ? "late.bin" : "model/late.bin");
                File.WriteAllText(stranger, "late");
                return new Harm(kind, stranger, manifest);
            case DamageKind.OlderContent:
                Rewrite(path, bytes => OlderContent(jobFolder, shard, file, bytes, chance));
                break;
            default:
                return Leave(manifest, shard, file, jobFolder);
        }

        return new Harm(kind, path, manifest);
    }

    private static Harm Leave(CheckpointManifest manifest, Shard shard, ShardFile file, string jobFolder)
    {
        var outside = Path.Combine(Path.GetDirectoryName(jobFolder)!, "other-job");
        Directory.CreateDirectory(outside);
        File.Copy(Path.Combine(jobFolder, shard.Path, file.Name), Path.Combine(outside, "state.bin"), overwrite: true);
        var name = "../../../../other-job/state.bin";
        var led = shard with { Files = shard.Files.Replace(file, file with { Name = name }) };
        return new Harm(
            DamageKind.ManifestLeavesItsJob, name, manifest with { Shards = manifest.Shards.Replace(shard, led) });
    }

    // From an earlier checkpoint of the same rank where there is one; else bytes of the same length of another state.
    private static byte[] OlderContent(string jobFolder, Shard shard, ShardFile file, byte[] now, Random chance)
    {
        var older = Directory.GetFiles(jobFolder, Path.GetFileName(file.Name), SearchOption.AllDirectories)
            .Where(path => path.Contains($"/rank-{shard.Rank}-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .FirstOrDefault(bytes => bytes.Length == now.Length && !bytes.AsSpan().SequenceEqual(now));
        return older ?? Flip(now, chance);
    }

    private static byte[] Flip(byte[] bytes, Random chance)
    {
        bytes[chance.Next(bytes.Length)] ^= (byte)(1 << chance.Next(8));
        return bytes;
    }

    private static void Rewrite(string path, Func<byte[], byte[]> change) =>
        File.WriteAllBytes(path, change(File.ReadAllBytes(path)));
}
