using System.Text.Json;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Tests.Builders;
using Orchestrator.Storage.Json;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class ProgressCheckTests
{
    [Theory]
    [InlineData(ProgressSource.Client, "", "")]
    [InlineData(ProgressSource.Log, "step (?<step>[0-9]+)", "")]
    [InlineData(ProgressSource.Log, "loss=", "")]
    [InlineData(ProgressSource.File, "", "out/rank-{rank}.json")]
    [InlineData(ProgressSource.File, "\"step\": (?<step>[0-9]+)", "/srv/progress.json")]
    public void Problems_Sensible_AreNone(ProgressSource from, string pattern, string path) =>
        Problems(from, pattern, path).ShouldBeEmpty();

    [Theory]
    [InlineData(ProgressSource.Log, "", "", "progress.pattern: is missing")]
    [InlineData(ProgressSource.Log, "step (", "", "progress.pattern: 'step (' cannot be used")]
    [InlineData(ProgressSource.Log, "(?=a)step", "", "without lookarounds")]
    [InlineData(ProgressSource.Log, @"(a)\1", "", "without lookarounds, backreferences")]
    [InlineData(ProgressSource.Log, ".*", "", "matches an empty line")]
    [InlineData(ProgressSource.Log, "step", "out.log", "progress.path: with log every rank's own output is read")]
    [InlineData(ProgressSource.File, "", "", "progress.path: must name the file")]
    [InlineData(ProgressSource.File, "[", "out.log", "progress.pattern: '[' cannot be used")]
    [InlineData(ProgressSource.Client, "step", "", "progress.from: with client neither pattern nor path")]
    [InlineData((ProgressSource)9, "", "", "progress.from: must be client, log or file")]
    public void Problems_Senseless_SayWhatIsAllowed(ProgressSource from, string pattern, string path, string problem) =>
        Problems(from, pattern, path).ShouldHaveSingleItem().ShouldContain(problem);

    [Fact]
    public void Problems_PatternTooLong_SaysTheLimit() =>
        Problems(ProgressSource.Log, new string('a', Limits.ProgressPatternLength + 1), "")
            .ShouldHaveSingleItem().ShouldContain("at most 500");

    [Theory]
    [InlineData(ProgressSource.Client, "", false)]
    [InlineData(ProgressSource.Log, "step (?<step>[0-9]+)", false)]
    [InlineData(ProgressSource.Log, "step ([0-9]+)", true)]
    [InlineData(ProgressSource.File, "", true)]
    public void IsBareCount_WithoutStepGroup(ProgressSource from, string pattern, bool isBare) =>
        new ProgressPolicy { From = from, Pattern = pattern }.IsBareCount().ShouldBe(isBare);

    [Fact]
    public void Record_OfBeforeProgressCouldBeChosen_ReadsAsReportedByTheScript()
    {
        var written = JsonSerializer.SerializeToNode(AJob.Spec(), RecordJson.Options)!.AsObject();
        written.Remove("progress").ShouldBeTrue("the name in the record is another one");

        written.Deserialize<JobSpec>(RecordJson.Options)!.Progress.ShouldBe(ProgressPolicy.Client);
    }

    private static IReadOnlyList<string> Problems(ProgressSource from, string pattern, string path) =>
        JobSpecCheck.Problems(AJob.Spec() with
        {
            Progress = new ProgressPolicy { From = from, Pattern = pattern, Path = path },
        });
}
