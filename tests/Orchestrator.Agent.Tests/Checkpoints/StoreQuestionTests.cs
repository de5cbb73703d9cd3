using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Checkpoints;

public sealed class StoreQuestionTests
{
    private const ulong Request = 77;

    [Fact]
    public async Task Probe_AFolder_AnswersWithIt()
    {
        await using var host = await HostUnderTest.StartAsync();

        var answer = await LastAsync(host, new StoreRequest { Probe = new ProbeStore { Store = host.Store } });

        answer.Fault.ShouldBeNull();
        answer.Store.ShouldBe(host.Store);
        Directory.Exists(host.Store).ShouldBeFalse("a probe leaves nothing behind");
    }

    [Fact]
    public async Task Probe_WhatCannotBeWritten_SaysWhy()
    {
        await using var host = await HostUnderTest.StartAsync();

        var answer = await LastAsync(host, new StoreRequest { Probe = new ProbeStore { Store = "/proc/checkpoints" } });

        answer.Fault.Code.ShouldBe("store_unwritable");
    }

    [Fact]
    public async Task Verify_DamagedInTheStore_Differs()
    {
        await using var host = await HostUnderTest.StartAsync();
        var manifest = await host.SaveAsync(10, "weights");
        var verify = new StoreRequest { Verify = new VerifyCheckpoint { Store = host.Store, Manifest = manifest } };
        (await FindingAsync(host, verify)).State.ShouldBe(ShardCopyState.Good);

        var file = Path.Combine(host.Store, HostUnderTest.Job, manifest.Shards[0].Path, "model/part.bin");
        await File.WriteAllTextAsync(file, "weightz", TestContext.Current.CancellationToken);
        (await FindingAsync(host, verify)).State.ShouldBe(ShardCopyState.Differs);

        File.Delete(file);
        var missing = await FindingAsync(host, verify);
        missing.State.ShouldBe(ShardCopyState.Missing);
        missing.Place.ShouldBe("store");
        missing.Fault.Sentence.ShouldContain("part.bin");
    }

    [Fact]
    public async Task Verify_InTheMemoryOfAHostThatIsGone_IsUnknown()
    {
        await using var host = await HostUnderTest.StartAsync();
        var manifest = await host.SaveAsync(10, "weights");
        manifest.Shards[0].IsDurable = false;
        manifest.Shards[0].Holders.Add(new Peer { Node = "host9", Address = "127.0.0.1:1" });

        var finding = await FindingAsync(
            host, new StoreRequest { Verify = new VerifyCheckpoint { Store = host.Store, Manifest = manifest } });

        finding.State.ShouldBe(ShardCopyState.Unknown);
        finding.Place.ShouldBe("memory of host9");
        finding.Fault.Code.ShouldBe("peer_unreachable");
    }

    [Fact]
    public async Task Restore_IntoANewFolder_HasTheFilesOfEachRank()
    {
        await using var host = await HostUnderTest.StartAsync();
        var manifest = await host.SaveAsync(10, "weights");
        var folder = Path.Combine(host.Root, "restored");
        var restore = new StoreRequest
        {
            Restore = new RestoreCheckpoint { Store = host.Store, Manifest = manifest, Folder = folder },
        };

        (await LastAsync(host, restore)).Fault.ShouldBeNull();

        File.ReadAllText(Path.Combine(folder, "rank-0/model/part.bin")).ShouldBe("weights");
        (await LastAsync(host, restore)).Fault.Code.ShouldBe("folder_not_empty");
    }

    [Fact]
    public async Task Restore_NoGoodCopy_SaysWhatIsWrongAndLeavesNoShard()
    {
        await using var host = await HostUnderTest.StartAsync();
        var manifest = await host.SaveAsync(10, "weights");
        manifest.Shards[0].Files[0].Xxh128 = new string('0', 32);
        var folder = Path.Combine(host.Root, "restored");

        var answer = await LastAsync(host, new StoreRequest
        {
            Restore = new RestoreCheckpoint { Store = host.Store, Manifest = manifest, Folder = folder },
        });

        answer.Fault.Code.ShouldBe("shard_hash_differs");
        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
    }

    private static async Task<ShardFinding> FindingAsync(HostUnderTest host, StoreRequest request)
    {
        var from = host.Gateway.Received.Count;
        await LastAsync(host, request);
        return await host.Gateway.Received.WaitAsync(
            "a finding", message => message.StoreAnswer?.Findings.FirstOrDefault(), from);
    }

    private static Task<StoreAnswer> LastAsync(HostUnderTest host, StoreRequest request)
    {
        var from = host.Gateway.Received.Count;
        request.RequestId = Request + (ulong)from;
        host.Gateway.Send(new GatewayMessage { StoreRequest = request });
        return host.Gateway.Received.WaitAsync("the end of the answer", message =>
            message.StoreAnswer is { IsLast: true } answer && answer.RequestId == request.RequestId ? answer : null,
            from);
    }
}
