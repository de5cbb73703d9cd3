using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;
using static Orchestrator.Agent.Tests.Watching.WatchedHost;

namespace Orchestrator.Agent.Tests.Watching;

/// <summary>What was taken is in its place before the next attempt's ranks start.</summary>
public class PutBackTests
{
    [Theory]
    [InlineData("ckpt", "out/ckpt", false)]
    [InlineData("ckpt", "out/ckpt", true)]
    [InlineData("run-3/last.txt", "out/*/last.txt", false)]
    public async Task Resume_WorkingFolderWasWiped_TheRankFindsItsFile(string name, string watch, bool inMemory)
    {
        await using var host = await HostUnderTest.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(host.Out(name))!);
        var taken = await host.TakenAsync(watch, name, "weights", inMemory);
        Directory.Delete(host.Out(""), recursive: true);

        host.Resume(watch, taken, $"cat out/{name}{Stay}");

        await host.LogHasAsync("weights", attempt: 2);
        Directory.GetFileSystemEntries(host.Out(""), "*", SearchOption.AllDirectories)
            .ShouldNotContain(path => path.EndsWith(".putback"));
    }

    [Fact]
    public async Task Resume_FileIsInItsPlace_OnlyNewerOnesAreMovedAside()
    {
        await using var host = await HostUnderTest.StartAsync();
        Write(host, "1.txt", "older", minutes: -9);
        var taken = await host.TakenAsync("out/*.txt", "5.txt", "weights");
        Write(host, "6.txt", "of the attempt that is over", minutes: 9);
        Write(host, "notes", "not of the pattern", minutes: 9);
        var before = File.GetLastWriteTimeUtc(host.Out("5.txt"));

        host.Resume("out/*.txt", taken, $"ls -t out/*.txt | head -1{Stay}");

        await host.LogHasAsync("out/5.txt", attempt: 2);
        File.GetLastWriteTimeUtc(host.Out("5.txt")).ShouldBe(before);
        File.ReadAllText(host.Out("6.txt.superseded")).ShouldBe("of the attempt that is over");
        Directory.GetFiles(host.Out("")).Select(Path.GetFileName).Order()
            .ShouldBe(["1.txt", "5.txt", "6.txt.superseded", "notes"]);
    }

    [Fact]
    public async Task Resume_FileIsGoneOrOther_AllOthersAreMovedAside()
    {
        await using var host = await HostUnderTest.StartAsync();
        var taken = await host.TakenAsync("out/*.txt", "5.txt", "weights");
        Write(host, "5.txt", "torn", minutes: 1);
        Write(host, "4.txt", "older or not, nobody knows", minutes: -1);

        host.Resume("out/*.txt", taken, $"cat out/*.txt{Stay}");

        await host.LogHasAsync("weights", attempt: 2);
        host.OutputOf(attempt: 2).ShouldBe("weights");
        File.ReadAllText(host.Out("5.txt.superseded")).ShouldBe("torn");
        File.Exists(host.Out("4.txt.superseded")).ShouldBeTrue();
    }

    [Fact]
    public async Task Resume_ScriptWritesOutWhatItRead_IsNotTakenAgain()
    {
        await using var host = await HostUnderTest.StartAsync();
        var taken = await host.TakenAsync("out/ckpt", "ckpt", "weights");
        var from = host.Gateway.Received.Count;
        host.Resume("out/ckpt", taken, $"cat out/ckpt > copy; cat copy > out/ckpt{Wait}printf better > out/ckpt{Stay}");
        await host.StartedAsync(attempt: 2);
        await host.BeatsAsync(60);
        host.Touch("go");

        var next = await host.StoredAsync(from);

        next.Step.ShouldBe(taken.Step + 1);
        host.Content(next.Shard).ShouldBe("better");
    }

    [Fact]
    public async Task Resume_ResumeCommand_GetsStepAndPath()
    {
        await using var host = await HostUnderTest.StartAsync();
        var taken = await host.TakenAsync("out/*.txt", "5.txt", "weights");
        var command = host.Watching("out/*.txt", "");
        command.Launch.Resume = taken;
        command.Launch.IsResumeCommand = true;
        command.Launch.Command.Clear();
        command.Launch.Command.Add(["sh", "-c", "echo \"$0 at $1\"; exec sleep 300", "{checkpoint}", "{step}"]);

        host.Order(command, attempt: 2);

        await host.LogHasAsync($"{host.Out("5.txt")} at 1", attempt: 2);
    }

    [Fact]
    public async Task Resume_CheckpointIsDamaged_IsToldAndStartsNothing()
    {
        await using var host = await HostUnderTest.StartAsync();
        var taken = await host.TakenAsync("out/ckpt", "ckpt", "weights");
        File.WriteAllText(Path.Combine(host.Store, HostUnderTest.Job, taken.Shards[0].Path, "ckpt"), "weighty");

        var outcome = await host.OutcomeAsync(host.Resume("out/ckpt", taken, "exit 0"));

        outcome.Accepted.ShouldBeFalse();
        outcome.Refusal.Code.ShouldBe("shard_hash_differs");
        outcome.Refusal.Sentence.ShouldStartWith("No rank was started: ");
        var failed = await host.NewsAsync("the restore that failed", news => news.RestoreFailed);
        failed.Step.ShouldBe(taken.Step);
        failed.Attempt.ShouldBe(2u);
        failed.CheckpointAttempt.ShouldBe(1u);
        Directory.Exists(Path.GetDirectoryName(host.RankFile("spec.json", attempt: 2))).ShouldBeFalse();
        File.ReadAllText(host.Out("ckpt")).ShouldBe("weights", "what was there is not touched");
    }

    [Fact]
    public async Task Resume_StoreIsNotSeenHere_IsTheHostsFaultAndNotTheCheckpoints()
    {
        await using var host = await HostUnderTest.StartAsync();
        var taken = await host.TakenAsync("out/ckpt", "ckpt", "weights");
        Directory.Delete(host.Store, recursive: true);

        var outcome = await host.OutcomeAsync(host.Resume("out/ckpt", taken, "exit 0"));

        outcome.Refusal.Code.ShouldBe("shard_missing");
        host.Gateway.Received.Snapshot().ShouldNotContain(message => message.Event != null
            && message.Event.RestoreFailed != null);
    }

    [Fact]
    public async Task Resume_PlaceCannotBeWritten_IsRefusedWithThePlace()
    {
        await using var host = await HostUnderTest.StartAsync();
        var taken = await host.TakenAsync("out/ckpt", "ckpt", "weights");
        Directory.Delete(host.Out(""), recursive: true);
        File.WriteAllText(Path.Combine(host.Root, "out"), "a file where the folder was");
        var command = host.Launch("exit 0");
        command.Launch.Watch = "out/ckpt";
        command.Launch.Resume = taken;

        var outcome = await host.OutcomeAsync(host.Order(command, attempt: 2));

        outcome.Refusal.Code.ShouldBe("put_back_failed");
        outcome.Refusal.Sentence.ShouldContain("out/ckpt");
    }

    [Fact]
    public async Task Resume_LaunchIsRepeatedWhileRanksRun_LeavesTheirFilesAlone()
    {
        await using var host = await HostUnderTest.StartAsync();
        var taken = await host.TakenAsync("out/ckpt", "ckpt", "weights");
        const string Script = $"printf newer > out/ckpt; echo written{Stay}";
        host.Resume("out/ckpt", taken, Script);
        await host.LogHasAsync("written", attempt: 2);

        (await host.OutcomeAsync(host.Resume("out/ckpt", taken, Script))).Accepted.ShouldBeTrue();

        File.ReadAllText(host.Out("ckpt")).ShouldBe("newer");
    }

    [Fact]
    public async Task Stop_WhileTheCheckpointIsStillFetched_IsObeyedAtOnce()
    {
        await using var host = await HostUnderTest.StartAsync();
        var taken = await host.TakenAsync("out/ckpt", "ckpt", "weights", inMemory: true);
        host.Order(new Command { Stop = new Stop() });
        await host.NewsAsync("the first attempt stopped", news => news.GangStopped);
        Directory.Delete(Path.Combine(host.Memory, "checkpoints"), recursive: true);
        // Nobody listens there, so that it is asked again for a while.
        taken.Shards[0].Holders.Clear();
        taken.Shards[0].Holders.Add(new Peer { Node = "host2", Address = "127.0.0.1:9" });
        var launch = host.Resume("out/ckpt", taken, "exit 0");
        await host.Agent.Output.WaitAsync("the wait for the other host", line =>
            line.Contains("waits for ") ? line : null);

        host.Order(new Command { Stop = new Stop() }, attempt: 2);

        await host.NewsAsync("the second attempt stopped", news =>
            news.GangStopped is { Attempt: 2 } ended ? ended : null);
        var outcome = await host.OutcomeAsync(launch);
        outcome.Refusal.Code.ShouldBe("attempt_over");
    }

    private static void Write(HostUnderTest host, string name, string content, int minutes)
    {
        Directory.CreateDirectory(host.Out(""));
        File.WriteAllText(host.Out(name), content);
        File.SetLastWriteTimeUtc(host.Out(name), TimeProvider.System.GetUtcNow().AddMinutes(minutes).UtcDateTime);
    }
}
