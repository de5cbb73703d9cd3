using System.Text.Json;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Storage.Json;

namespace Orchestrator.Domain.Tests.Records;

/// <summary>The stored form is a promise to every database out there: a change of it has to be seen here.</summary>
public sealed class StoredFormTests
{
    private const string Rewrite = "ORCHESTRATOR_WRITE_RECORDS";

    private static readonly JsonSerializerOptions Readable =
        new(RecordJson.Options) { WriteIndented = true, IndentSize = 2 };

    public static TheoryData<Type> Kinds =>
        [typeof(NodeState), typeof(JobState), typeof(Incident), typeof(PoolState), typeof(GpuState)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Record_WrittenAndReadBack_IsTheSame(Type kind)
    {
        var text = Write(FullRecords.Of(kind));

        Write(JsonSerializer.Deserialize(text, kind, RecordJson.Options)!).ShouldBe(text);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Record_OfTheGoldenFile_StillReadsAndIsStillWrittenSo(Type kind)
    {
        var file = RepositoryFiles.Find("tests", "Orchestrator.Domain.Tests", "Records", "Golden", $"{kind.Name}.json");
        var written = Write(FullRecords.Of(kind)) + "\n";
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, written);
        }

        File.Exists(file).ShouldBeTrue($"{file} is missing; set {Rewrite}=1 once to write it");
        var golden = File.ReadAllText(file);
        golden.ShouldBe(
            written, $"the stored form changed; if that is meant, set {Rewrite}=1 and say how old records read");
        Write(JsonSerializer.Deserialize(golden, kind, RecordJson.Options)!).ShouldBe(golden.TrimEnd('\n'));
    }

    [Theory]
    [InlineData(typeof(PrepareOrder), "prepare")]
    [InlineData(typeof(LaunchOrder), "launch")]
    [InlineData(typeof(StopOrder), "stop")]
    [InlineData(typeof(ReleaseOrder), "release")]
    [InlineData(typeof(RetainOrder), "retain")]
    public void OrderBody_IsStoredWithItsKind(Type kind, string name)
    {
        var text = JsonSerializer.Serialize((OrderBody)FullRecords.Of(kind), RecordJson.Options);

        text.ShouldContain($"\"$type\":\"{name}\"");
        JsonSerializer.Deserialize<OrderBody>(text, RecordJson.Options).ShouldBeOfType(kind);
    }

    [Fact]
    public void Record_WrittenBeforeItsNewestFields_ReadsWithTheirDefaults()
    {
        const string OldCordon =
            """{"owner":"operator","reason":{"code":"c","sentence":"S."},"since":"2030-01-01T00:00:00Z"}""";
        const string OldEvidence =
            """
            {"uuid":"g","node":"n0","source":"s","code":"c","detail":"d","isFatal":true,"at":"2030-01-01T00:00:00Z"}
            """;

        JsonSerializer.Deserialize<Cordon>(OldCordon, RecordJson.Options)!.MovesJob.ShouldBeFalse();
        JsonSerializer.Deserialize<DeviceEvidence>(OldEvidence, RecordJson.Options)!.Occurrence.ShouldBeEmpty();
        JsonSerializer.Deserialize<NodeState>("{}", RecordJson.Options)!.Labels.ShouldBeEmpty();
        var job = JsonSerializer.Deserialize<JobState>("{}", RecordJson.Options)!;
        job.Ledger.ShouldBeNull();
        job.SavePlan.ShouldBeNull();
        job.SaveCostsMs.ShouldBeEmpty();
        job.OtherIncidents.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FullRecord_LeavesNothingAtItsDefault(Type kind) =>
        FullRecords.Defaults(FullRecords.Of(kind)).ShouldBeEmpty();

    private static string Write(object record) => JsonSerializer.Serialize(record, record.GetType(), Readable);
}
