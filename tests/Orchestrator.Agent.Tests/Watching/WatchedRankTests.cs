using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;
using static Orchestrator.Agent.Tests.Watching.WatchedHost;

namespace Orchestrator.Agent.Tests.Watching;

/// <summary>Files of scripts that know nothing of Orchestrator, taken into checkpoints.</summary>
public class WatchedRankTests
{
    [Fact]
    public async Task Watch_FileWrittenInPieces_IsTakenWhenItIsWhole()
    {
        await using var host = await HostUnderTest.StartAsync();
        var whole = FileKindsTests.Zip("data.pkl", 5_000);
        File.WriteAllBytes(Path.Combine(host.Root, "whole"), whole);
        host.Order(host.Watching(
            "out/ckpt.pt", $"head -c 3000 whole > out/ckpt.pt{Wait}tail -c +3001 whole >> out/ckpt.pt{Stay}"));

        await host.Agent.Output.WaitAsync("the note that it is not whole", line =>
            line.Contains("stands still and is not whole") ? line : null);
        host.Gateway.Received.Snapshot().ShouldNotContain(message => message.Event != null
            && message.Event.ShardStored != null);
        host.Touch("go");

        var stored = await host.StoredAsync();
        stored.ShardsExpected.ShouldBe(1u);
        stored.Step.ShouldBe(1u);
        stored.Shard.Files.ShouldHaveSingleItem().Name.ShouldBe("ckpt.pt");
        stored.Shard.Files[0].SizeBytes.ShouldBe((ulong)whole.Length);
    }

    [Fact]
    public async Task Watch_RankHoldsTheFileOpen_IsWaitedFor()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Watching(
            "out/state", $"exec 3> out/state; printf first >&3{Wait}printf second >&3; exec 3>&-{Stay}"));
        await host.StartedAsync();

        await host.BeatsAsync(60);
        host.Touch("go");

        host.Content((await host.StoredAsync()).Shard).ShouldBe("firstsecond");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_NewestOfAPattern_IsTakenIntoEitherPlace(bool inMemory)
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Watching(
            "out/*.txt", $"printf one > out/1.txt{Wait}printf two > out/2.txt; exec sleep 300", "exec sleep 300");
        File.WriteAllText(host.Out("0.txt"), "of somebody else");
        command.Launch.KeepsInMemory = inMemory;
        host.Order(command);

        var first = await host.StoredAsync();
        host.Content(first.Shard, inMemory).ShouldBe("one");
        host.Touch("go");
        var second = await host.StoredAsync(above: first.Step);

        second.Shard.Files[0].Name.ShouldBe("2.txt");
        second.Step.ShouldBe(2u);
        second.Shard.IsDurable.ShouldBe(!inMemory);
    }

    [Fact]
    public async Task Watch_StepsInTheLog_AreThoseOfTheCheckpoints()
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Watching("out/ckpt", $"echo step 40; sleep 1.2; printf weights > out/ckpt{Stay}");
        command.Launch.Progress = new ProgressPolicy { From = ProgressSource.Log, Pattern = "step (?<step>[0-9]+)" };
        host.Order(command);

        (await host.StoredAsync()).Step.ShouldBe(40u);
    }

    [Fact]
    public async Task Watch_PartOfEachRank_HasTheStepInItsName()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Watching(
            "out/step-*/rank-{rank}.bin",
            $"mkdir -p out/step-7; printf a > out/step-7/rank-0.bin{Stay}",
            $"mkdir -p out/step-7; printf b > out/step-7/rank-1.bin{Stay}"));

        ShardStored[] parts =
        [
            await Of(host, 0),
            await Of(host, 1),
        ];

        parts.ShouldAllBe(part => part.Step == 7 && part.ShardsExpected == 2);
        host.Content(parts[1].Shard).ShouldBe("b");
        parts[1].Shard.Files[0].Name.ShouldBe("step-7/rank-1.bin");
    }

    [Fact]
    public async Task Watch_AgentStartsAgain_GoesOnWithWhatIsNew()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Watching("out/ckpt", $"printf one > out/ckpt{Wait}printf two > out/ckpt{Stay}"));
        await host.Agent.Output.WaitAsync("the first one taken", line => line.Contains("Took ") ? line : null);
        await host.Agent.KillAsync();
        var from = host.Gateway.Received.Count;
        await host.StartAgentAsync();
        await host.BeatsAsync(60);
        host.Touch("go");

        var second = await host.StoredAsync(from, above: 1);

        second.Step.ShouldBe(2u);
        host.Content(second.Shard).ShouldBe("two");
    }

    private static Task<ShardStored> Of(HostUnderTest host, uint rank) => host.NewsAsync(
        $"the part of rank {rank}", news =>
            news.ShardStored is { } stored && stored.Shard.Rank == rank ? stored : null);
}
