using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Orchestrator.Agent.Watching;

namespace Orchestrator.Agent.Tests.Watching;

public sealed class FileKindsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("model.pt")]
    [InlineData("model.PTH")]
    [InlineData("pytorch_model.bin")]
    [InlineData("last.ckpt")]
    [InlineData("arrays.npz")]
    [InlineData("all.zip")]
    public void IsWhole_Archive_OnlyToItsLastByte(string name)
    {
        var whole = Zip("data.pkl", 5_000);

        IsWhole(name, whole).ShouldBeTrue();
        foreach (var length in new[] { 4, 100, whole.Length / 2, whole.Length - 22, whole.Length - 1 })
            IsWhole(name, whole[..length]).ShouldBeFalse($"{length} of {whole.Length} bytes");
    }

    [Fact]
    public void IsWhole_ArchiveThatHoldsAnother_IsNotTakenForTheInnerOne()
    {
        var outer = Zip("inner.zip", Zip("data.pkl", 2_000));

        // Cut right behind the inner one's own end.
        var inner = outer.AsSpan().IndexOf("PK\u0005\u0006"u8) + 22;
        inner.ShouldBeLessThan(outer.Length - 22);
        IsWhole("model.pt", outer[..inner]).ShouldBeFalse();
        IsWhole("model.pt", outer).ShouldBeTrue();
    }

    [Theory]
    [InlineData("model.pt", true)]
    [InlineData("model.bin", true)]
    public void IsWhole_PicklesOfAnOldPyTorch_CannotTell(string name, bool expected) =>
        IsWhole(name, [0x80, 2, 0x8A, 10]).ShouldBe(expected);

    [Theory]
    [InlineData("model.pt", false)]
    [InlineData("state.bin", true)]
    [InlineData("model.ckpt", true)]
    [InlineData("all.zip", false)]
    [InlineData("weights", true)]
    public void IsWhole_BytesOfAnyKind_DependsOnWhatTheNameClaims(string name, bool expected) =>
        IsWhole(name, [0, 1, 2, 3]).ShouldBe(expected);

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, true)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, false)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, false)]
    [InlineData("""{"__metadata__":{"format":"pt"},"a":{"data_offsets":[4,6]},"b":{"data_offsets":[0,4]}}""", 6, true)]
    [InlineData("""{"__metadata__":{"format":"pt"}}""", 0, true)]
    [InlineData("""{"w":{"data_offsets":[0]}}""", 8, false)]
    [InlineData("""{"w":8}""", 8, false)]
    [InlineData("""[]""", 0, false)]
    [InlineData("""{"w":""", 8, false)]
    public void IsWhole_Safetensors_EndsWhereItsHeaderSays(string header, int dataBytes, bool expected)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);

        IsWhole("model.safetensors", file).ShouldBe(expected);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(20)]
    public void IsWhole_SafetensorsCutInItsHeader_IsNot(int bytes)
    {
        var file = new byte[bytes];
        file[0] = 200;

        IsWhole("model.safetensors", file).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"step": 3}""", true)]
    [InlineData("""{"step": """, false)]
    [InlineData("""{"step": 3} {""", false)]
    public void IsWhole_Json_Parses(string text, bool expected) =>
        IsWhole("state.json", Encoding.UTF8.GetBytes(text)).ShouldBe(expected);

    [Fact]
    public void IsWhole_EmptyOrMissing_IsNot()
    {
        IsWhole("weights", []).ShouldBeFalse();
        FileKinds.IsWhole(Path.Combine(_root, "nowhere")).ShouldBeFalse();
    }

    /// <summary>An archive with one entry of bytes that do not compress.</summary>
    internal static byte[] Zip(string entry, int bytes)
    {
        var content = new byte[bytes];
        new Random(7).NextBytes(content);
        return Zip(entry, content);
    }

    private static byte[] Zip(string entry, byte[] content)
    {
        var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var inner = archive.CreateEntry(entry, CompressionLevel.NoCompression).Open())
            inner.Write(content);
        return file.ToArray();
    }

    private bool IsWhole(string name, byte[] content)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllBytes(path, content);
        return FileKinds.IsWhole(path);
    }
}
