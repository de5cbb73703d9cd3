using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Incidents;

namespace Orchestrator.Agent.Tests.Damage;

/// <summary>
/// However checkpoints are damaged, a job resumes bit for bit from the newest good one, and tells of the others.
/// </summary>
public sealed class DamageTests(ITestOutputHelper output)
{
    private const int Seeds = 200;
    private const long StepsBetween = 10;
    private const string FromNothing = "from nothing";
    private const string LaterRefusal = "after a rank was refused its shard";
    private const string OneBefore = "from the one before";
    private const string TwoBefore = "from two before";

    private readonly Dictionary<DamageKind, int> _harmed = [];
    private readonly Dictionary<string, int> _resumed = [];

    [Fact]
    public async Task Resume_AnyDamage_IsBitwiseTheNewestUndamagedCheckpointAndTheIncidentNamesTheOthers()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                await RunAsync(seed);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }

        output.WriteLine($"{Seeds} seeds. Damages: {Counts(_harmed)}. Resumed: {Counts(_resumed)}.");
        _harmed.Keys.ShouldBe(Enum.GetValues<DamageKind>(), ignoreOrder: true);
        _resumed.Keys.ShouldBe([FromNothing, LaterRefusal, OneBefore, TwoBefore], ignoreOrder: true);
    }

    private async Task RunAsync(int seed)
    {
        var chance = new Random(seed);
        using var job = new StoredJob(chance);
        var step = await SaveSomeAsync(job, 0, chance.Next(1, 4));
        if (chance.Next(2) == 0)
        {
            var keptThen = job.State.Checkpoints.Committed;
            await job.FailAndPrepareAsync(rank: 0, "ValueError: loss is nan");
            (await job.LoadAsync()).ShouldBeNull();
            await job.HearLateAsync(job.State.Attempt - 1, step + StepsBetween, keptThen);
            await SaveSomeAsync(job, step, chance.Next(1, 3));
        }

        var kinds = Enum.GetValues<DamageKind>();
        var first = kinds[seed % kinds.Length];
        var harmed = first == DamageKind.AfterThePrepare ? [] : HarmSome(job, first, chance);
        var good = job.State.Checkpoints.Committed.Where(manifest => !harmed.ContainsKey(manifest)).ToList();
        await job.FailAndPrepareAsync(rank: 1, "ValueError: loss is nan");
        if (first == DamageKind.AfterThePrepare)
        {
            harmed = await HarmLateAsync(job, chance);
            good.RemoveAt(0);
        }

        (await job.LoadAsync()).ShouldBeNull();
        var expected = good.FirstOrDefault();
        (job.State.ResumeFrom?.Step, job.State.ResumeFrom?.Attempt).ShouldBe((expected?.Step, expected?.Attempt));
        ShouldTellOf(job, harmed.Where(harm => expected is null || IsNewer(harm.Key, expected)), expected);
        Note(_resumed, Answer(first, harmed.Count, expected));
    }

    private static async Task<long> SaveSomeAsync(StoredJob job, long step, int count)
    {
        for (var saved = 0; saved < count; saved++)
            await job.SaveAsync(step += StepsBetween);
        return step;
    }

    // The newest always; often the one before it, and sometimes every one.
    private Dictionary<CheckpointManifest, Harm> HarmSome(StoredJob job, DamageKind first, Random chance)
    {
        var committed = job.State.Checkpoints.Committed;
        var count = Math.Min(committed.Length, chance.Next(4) switch { 0 => 2, 1 => committed.Length, _ => 1 });
        var before = Enum.GetValues<DamageKind>().Where(kind => kind != DamageKind.AfterThePrepare).ToArray();
        var harmed = new Dictionary<CheckpointManifest, Harm>();
        foreach (var (position, manifest) in committed.Take(count).Index())
        {
            var kind = position == 0 ? first : before[chance.Next(before.Length)];
            var harm = Harm.Do(kind, manifest, job.Folder, chance);
            job.Replace(manifest, harm.Manifest);
            harmed.Add(harm.Manifest, harm);
            Note(_harmed, kind);
        }

        return harmed;
    }

    private async Task<Dictionary<CheckpointManifest, Harm>> HarmLateAsync(StoredJob job, Random chance)
    {
        var manifest = job.State.ResumeFrom.ShouldNotBeNull();
        var harm = Harm.Do(DamageKind.AfterThePrepare, manifest, job.Folder, chance);
        Note(_harmed, harm.Kind);
        var (rank, fault) = (await job.LoadAsync()).ShouldNotBeNull("a rank was handed what nobody committed");
        fault.Sentence.ShouldContain(harm.Words);
        await job.FailAndPrepareAsync(rank, $"ResumeUnavailableError: {fault.Code}: {fault.Sentence}");
        job.Rules.Incident.Cause.Sentence.ShouldContain(harm.Words);
        return new Dictionary<CheckpointManifest, Harm> { [manifest] = harm };
    }

    private static void ShouldTellOf(
        StoredJob job, IEnumerable<KeyValuePair<CheckpointManifest, Harm>> refused, CheckpointManifest? expected)
    {
        var timeline = job.State.Incidents.SelectMany(incident => incident.Timeline).ToArray();
        var told = timeline.Where(entry => entry.Event == TimelineEvents.CheckpointRefused)
            .Select(entry => entry.Detail).ToList();
        foreach (var (manifest, harm) in refused)
        {
            var start = $"step {manifest.Step} of attempt {manifest.Attempt}: ";
            var entry = told.SingleOrDefault(detail => detail.StartsWith(start, StringComparison.Ordinal))
                .ShouldNotBeNull($"{harm.Kind} of step {manifest.Step} is not told of: {string.Join(" | ", told)}");
            entry.ShouldContain(harm.Words);
            told.Remove(entry);
        }

        told.ShouldBeEmpty("a good checkpoint was refused");
        job.Rules.Incident.When(TimelineEvents.Prepared).ShouldNotBeNull();
        job.Rules.Incident.ResumedFromStep.ShouldBe(expected?.Step ?? 0);
        timeline.Last(entry => entry.Event == TimelineEvents.Prepared).Detail
            .ShouldStartWith(expected is null ? "from nothing" : $"checkpoint of step {expected.Step} verified");
    }

    private static bool IsNewer(CheckpointManifest one, CheckpointManifest other) => one.Step > other.Step;

    private static string Answer(DamageKind first, int harmed, CheckpointManifest? expected) => expected is null
        ? FromNothing
        : first == DamageKind.AfterThePrepare ? LaterRefusal : harmed == 1 ? OneBefore : TwoBefore;

    private static void Note<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;

    private static string Counts<TKey>(Dictionary<TKey, int> counts)
        where TKey : notnull =>
        string.Join(", ", counts.OrderBy(entry => $"{entry.Key}").Select(entry => $"{entry.Key} {entry.Value}"));
}
