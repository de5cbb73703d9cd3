using System.Text.Json;
using CsCheck;
using Orchestrator.Storage.Json;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Json;

public sealed class RecordJsonTests
{
    private static readonly Gen<SampleRank> Ranks =
        Gen.Select(Gen.Int, Gen.Int.Nullable(), (rank, exitCode) => new SampleRank(rank, exitCode));

    private static readonly Gen<SampleRecord> Records =
        from name in Gen.String
        from reason in Gen.String.Null()
        from state in Gen.Enum<SampleState>()
        from before in Gen.Enum<SampleState>().Nullable()
        from remaining in Gen.TimeSpan
        from at in Gen.DateTimeOffset
        from owners in Gen.String.Array[0, 4]
        from ranks in Ranks.Array[0, 4]
        from byRank in Gen.Dictionary(Gen.Int, Ranks)[0, 4]
        from leaseNumber in Gen.Long
        from load in Gen.Double
        select new SampleRecord
        {
            Name = name,
            Reason = reason,
            State = state,
            Before = before,
            Remaining = remaining,
            At = at,
            Owners = [.. owners],
            Ranks = ranks,
            ByRank = byRank,
            LeaseNumber = leaseNumber,
            Load = load,
        };

    [Fact]
    public void Options_AnyRecord_ComesBackAsItWas() =>
        Records.Sample(record => RoundTrip(record).ShouldHaveTheContentOf(record));

    [Fact]
    public void Options_AnyRecord_GrainStorageWritesTheSameJson() =>
        Records.Sample(record => RecordJson.Serializer.Serialize(record).ToString()
            .ShouldBe(JsonSerializer.Serialize(record, RecordJson.Options)));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Options_ANumberThatIsNone_ComesBack(double load) =>
        RoundTrip(SampleRecord.Of("gauge") with { Load = load }).Load.ShouldBe(load);

    [Fact]
    public void Options_TheSample_IsWrittenInTheStoredFormat() =>
        JsonSerializer.Serialize(Samples.Full("ü"), RecordJson.Options).ShouldBe(
            """
            {"name":"ü","reason":null,"state":"Lost","before":"Warm","remaining":"00:01:01.2345000",
            "at":"2026-03-29T02:30:00.1234567-07:00","owners":["operator","滑り"],
            "ranks":[{"rank":0,"exitCode":null},{"rank":1,"exitCode":-9}],"byRank":{"7":{"rank":7,"exitCode":137}},
            "leaseNumber":9223372036854775807,"load":0.30000000000000004}
            """.ReplaceLineEndings(""));

    [Fact]
    public void Options_AnUnknownProperty_IsPassedOver() =>
        Read("""{"name":"n","reason":null,"ofTheFuture":1}""").ShouldHaveTheContentOf(SampleRecord.Of("n"));

    [Theory]
    [InlineData("""{"name":"n"}""", "reason")]
    [InlineData("""{"name":null,"reason":null}""", "name")]
    [InlineData("""{"name":"n","reason":null,"state":1}""", "state")]
    [InlineData("""{"name":"n","reason":null,"state":"Melted"}""", "state")]
    public void Read_JsonThatDoesNotFit_NamesTheRecordAndTheProperty(string json, string property)
    {
        var error = Should.Throw<UnreadableRecordException>(() => Read(json));

        error.Message.ShouldContain("The stored node record \"n1\"");
        error.Message.ShouldContain(property);
    }

    private static SampleRecord Read(string json) =>
        RecordText.Read<SampleRecord>("node", "n1", System.Text.Encoding.UTF8.GetBytes(json));

    private static SampleRecord RoundTrip(SampleRecord record) =>
        RecordJson.Serializer.Deserialize<SampleRecord>(RecordJson.Serializer.Serialize(record))!;
}
