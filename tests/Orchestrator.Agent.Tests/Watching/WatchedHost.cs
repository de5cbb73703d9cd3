using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Watching;

/// <summary>A host whose ranks write files into the folder "out" of their working directory.</summary>
internal static class WatchedHost
{
    public const string Wait = "; until [ -e go ]; do sleep 0.02; done; ";
    public const string Stay = "; exec sleep 300";

    public static string Out(this HostUnderTest host, string name) => Path.Combine(host.Root, "out", name);

    public static Command Watching(this HostUnderTest host, string watch, params string[] scripts)
    {
        Directory.CreateDirectory(host.Out(""));
        var command = host.Launch(scripts);
        command.Launch.Watch = watch;
        return command;
    }

    /// <summary>Launches an attempt that goes on from a checkpoint.</summary>
    public static string Resume(
        this HostUnderTest host, string watch, CheckpointManifest from, string script, uint attempt = 2)
    {
        var command = host.Watching(watch, script);
        command.Launch.Resume = from;
        command.Launch.KeepsInMemory = !from.Shards[0].IsDurable;
        return host.Order(command, attempt);
    }

    public static Task<ShardStored> StoredAsync(this HostUnderTest host, int from = 0, ulong above = 0) =>
        host.NewsAsync($"a shard of a step above {above}", news =>
            news.ShardStored is { } stored && stored.Step > above ? stored : null, from);

    /// <summary>A checkpoint of one file that a first attempt wrote.</summary>
    public static async Task<CheckpointManifest> TakenAsync(
        this HostUnderTest host, string watch, string name, string content, bool inMemory = false)
    {
        var command = host.Watching(watch, $"printf '{content}' > out/{name}{Stay}");
        command.Launch.KeepsInMemory = inMemory;
        host.Order(command);
        return Manifest(await host.StoredAsync());
    }

    public static CheckpointManifest Manifest(params ShardStored[] stored)
    {
        var manifest = new CheckpointManifest
        {
            JobId = HostUnderTest.Job,
            Step = stored[0].Step,
            Attempt = stored[0].Attempt,
        };
        manifest.Shards.Add(stored.Select(shard => shard.Shard));
        return manifest;
    }

    /// <summary>What was taken, as it lies in the store.</summary>
    public static string Content(this HostUnderTest host, Shard shard, bool inMemory = false) => File.ReadAllText(
        Path.Combine(
            inMemory ? Path.Combine(host.Memory, "checkpoints") : host.Store, HostUnderTest.Job, shard.Path,
            shard.Files.ShouldHaveSingleItem().Name));

    /// <summary>Waits for some seconds of the agent's life: it beats twenty times in one.</summary>
    public static async Task BeatsAsync(this HostUnderTest host, int beats)
    {
        var from = host.Gateway.Received.Count;
        await host.Gateway.Received.WaitAsync($"{beats} heartbeats", message =>
            message.Heartbeat is not null && --beats < 0 ? message : null, from);
    }
}
