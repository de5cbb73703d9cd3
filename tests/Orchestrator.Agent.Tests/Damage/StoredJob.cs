using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Training;
using Orchestrator.Checkpoints;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Ranks;
using Orchestrator.Domain.Tests.Builders;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Damage;

/// <summary>
/// A job of two ranks whose checkpoints are real: written and sealed by the store, committed and chosen by the rules,
/// prepared and handed out by the code of the agent.
/// </summary>
internal sealed class StoredJob : IDisposable
{
    private const int Ranks = 2;

    // Syncing to a real disk would take most of the time, and no machine loses its power here.
    private static readonly string Scratch = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private readonly string _root = Directory.CreateDirectory(
        Path.Combine(Scratch, $"orchestrator-damage-{Guid.NewGuid():N}")).FullName;

    private readonly Dictionary<string, byte[]> _committed = [];
    private readonly FolderCheckpointStore _store;
    private readonly CheckpointReader _reader = new(TimeProvider.System, NullLogger<CheckpointReader>.Instance);
    private readonly PrepareHandler _prepare;
    private readonly Random _chance;

    public StoredJob(Random chance)
    {
        _chance = chance;
        _store = new FolderCheckpointStore(_root);
        var options = new AgentOptions(
            "n0", [new Uri("http://localhost")], Path.Combine(_root, ".state"), _root, "n0", 0,
            new Dictionary<string, string>());
        _prepare = new PrepareHandler(
            new JobTable(new StateFolder(options)), new FreePort(new Random(0)), _reader, TimeProvider.System,
            NullLogger<PrepareHandler>.Instance);
        Rules = AJob.Running(Ranks, spec => spec with { CheckpointStore = _root, StopAfterNoProgress = 100 });
    }

    public AJob Rules { get; }

    public JobState State => Rules.State;

    public string Folder => Path.TrimEndingDirectorySeparator(_store.PathOf(State.Id, ""));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Every rank saves, and the checkpoint is committed; what is not kept any more is deleted.</summary>
    public async Task SaveAsync(long step)
    {
        for (var rank = 0; rank < Ranks; rank++)
            Report(await SealAsync(State.Attempt, step, rank));
        var newest = State.Checkpoints.Newest.ShouldNotBeNull();
        (newest.Step, newest.Attempt).ShouldBe((step, State.Attempt));
        foreach (var path in FilesOf(newest))
            _committed[path] = await File.ReadAllBytesAsync(path);
        Retain(State.Attempt, State.Checkpoints.Committed);
    }

    /// <summary>A rank of an earlier attempt finishes its save now, and a late order of that attempt arrives.</summary>
    public async Task HearLateAsync(int attempt, long step, IReadOnlyList<CheckpointManifest> keptThen)
    {
        var before = State.Checkpoints;
        for (var rank = 0; rank < Ranks; rank++)
            Report(await SealAsync(attempt, step, rank));
        State.Checkpoints.ShouldBe(before, "a shard counts only for the attempt that is current");
        Retain(attempt, keptThen);
    }

    /// <summary>A rank fails, the others are stopped, and the next attempt is prepared.</summary>
    public async Task FailAndPrepareAsync(int rank, string words)
    {
        Rules.Exits($"n{rank}", new RankExit { Code = 1, LastLines = words, At = Rules.Now }).Stops().WaitsOut();
        if (State.Phase == JobPhase.Replacing)
            Rules.WaitsForNodes();
        while (State.Phase == JobPhase.Preparing)
        {
            var order = JobOrders.Due(State).Single().Order;
            var resume = ((PrepareOrder)order.Body).Resume?.ToProto();
            var command = new Proto.Command
            {
                OperationId = order.OperationId,
                JobId = order.Job,
                Attempt = (uint)order.Attempt,
                Prepare = new Proto.Prepare { Store = _root, Resume = resume },
            };
            var start = await _prepare.StartAsync(command, CancellationToken.None);
            var prepared = (await start.Finish.ShouldNotBeNull()(CancellationToken.None)).Single().Prepared;
            Rules.Prepares(prepared.CheckpointValid
                ? null
                : new Domain.Reason(prepared.CheckpointFault.Code, prepared.CheckpointFault.Sentence));
        }

        State.Phase.ShouldBe(JobPhase.Launching);
        Rules.Starts();
    }

    /// <summary>What each rank would load; a fault where its agent refuses to hand it out.</summary>
    public async Task<(int Rank, CheckpointFault Fault)?> LoadAsync()
    {
        var resume = State.ResumeFrom?.ToProto();
        for (var rank = 0; resume is not null && rank < Ranks; rank++)
        {
            var part = Manifests.PartOf(resume, (uint)rank).ShouldNotBeNull();
            if (await _reader.VerifyAsync(_root, part, CancellationToken.None) is { } fault)
                return (rank, fault);
            ShouldBeAsCommitted(Manifests.ResumePointOf(_root, resume)!.PathFor((uint)rank));
        }

        return null;
    }

    /// <summary>Puts another manifest in a committed one's place.</summary>
    public void Replace(CheckpointManifest old, CheckpointManifest changed) => Rules.Becomes(State with
    {
        Checkpoints = State.Checkpoints with { Committed = State.Checkpoints.Committed.Replace(old, changed) },
    });

    private void ShouldBeAsCommitted(string shard)
    {
        var expected = _committed.Where(file => file.Key.StartsWith(shard + '/', StringComparison.Ordinal)).ToArray();
        var found = Directory.GetFiles(shard, "*", SearchOption.AllDirectories);
        found.Order(StringComparer.Ordinal).ShouldBe(
            expected.Select(file => file.Key).Order(StringComparer.Ordinal), "exactly the committed files");
        foreach (var (path, bytes) in expected)
            File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes).ShouldBeTrue($"{path} is not what was committed");
    }

    private async Task<ShardReport> SealAsync(int attempt, long step, int rank)
    {
        var writer = new ShardWriter(State.Id, step, attempt, rank);
        var directory = _store.Begin(writer);
        Directory.CreateDirectory(Path.Combine(directory, "model"));
        foreach (var (name, bytes) in new[] { ("model/part.bin", 300), ("optimizer.bin", 200), ("empty", 0) })
        {
            var content = new byte[bytes];
            _chance.NextBytes(content);
            await File.WriteAllBytesAsync(Path.Combine(directory, name), content);
        }

        var result = await _store.SealAsync(writer, directory);
        return new ShardReport(attempt, step, result.Shard.ShouldNotBeNull().ToDomain(), Ranks);
    }

    private void Report(ShardReport shard) =>
        Rules.Hears($"n{shard.Shard.Rank}", report => report with { Shards = [shard] });

    private IEnumerable<string> FilesOf(CheckpointManifest manifest) =>
        from shard in manifest.Shards
        from file in shard.Files
        select Path.Combine(Folder, shard.Path, file.Name);

    private void Retain(int attempt, IReadOnlyList<CheckpointManifest> kept) =>
        _store.Retain(State.Id, attempt, [.. kept.Select(manifest => Manifests.From(manifest.ToProto()))]);
}
