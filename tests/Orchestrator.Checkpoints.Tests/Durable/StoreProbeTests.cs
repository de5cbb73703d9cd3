using Orchestrator.Checkpoints.Durable;

namespace Orchestrator.Checkpoints.Tests.Durable;

/// <summary>What a probe finds out about a store that is a folder, and about a name that is none.</summary>
public sealed class StoreProbeTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("not/there/yet")]
    public async Task Folder_CanBeWritten_WorksAndLeavesNothing(string path)
    {
        var store = Path.Combine(_root, path);

        var (found, fault) = await ProbeAsync(store);

        fault.ShouldBeNull();
        found.ShouldBe(store);
        Directory.EnumerateFileSystemEntries(_root).ShouldBeEmpty();
    }

    [Fact]
    public async Task Folder_BelowAFile_CannotBeWritten()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "file"), "", TestContext.Current.CancellationToken);

        var (found, fault) = await ProbeAsync(Path.Combine(_root, "file/checkpoints"));

        found.ShouldBeNull();
        fault!.Code.ShouldBe("store_unwritable");
        fault.Sentence.ShouldContain("file is a file.");
    }

    [Fact]
    public async Task Folder_OfTheKernel_CannotBeWritten() =>
        (await ProbeAsync("/proc/checkpoints")).Fault!.Code.ShouldBe("store_unwritable");

    [Theory]
    [InlineData("checkpoints", "not an absolute path")]
    [InlineData("s3://bucket?colour=red", "'colour'")]
    public async Task Name_Wrong_SaysWhat(string store, string words)
    {
        var fault = (await ProbeAsync(store)).Fault!;

        fault.Code.ShouldBe("store_options_wrong");
        fault.Sentence.ShouldContain(words);
    }

    private static Task<StoreAnswer<string>> ProbeAsync(string store) =>
        DurableStores.ProbeAsync(store, TestContext.Current.CancellationToken);
}
