using CsCheck;
using Orchestrator.Cli.Jobs.JobFiles;

namespace Orchestrator.Cli.Tests.Jobs;

public sealed class DurationTextTests
{
    private static readonly (string Suffix, long Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000)];

    [Fact]
    public void TryParse_AnyCountAndUnitUpToADay_IsThatLong() =>
        Gen.Select(Gen.Int[1, 1_440], Gen.Int[0, 2]).Sample((count, index) =>
        {
            DurationText.TryParse($"{count}{Units[index].Suffix}", out var duration).ShouldBeTrue();
            duration.ShouldBe(TimeSpan.FromMilliseconds(count * Units[index].Milliseconds));
        });

    [Fact]
    public void TryParse_AnyText_NeverThrowsAndStaysWithinADay() => Gen.String.Sample(text =>
    {
        if (DurationText.TryParse(text, out var duration))
            duration.ShouldBeInRange(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
    });

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("1.5s")]
    [InlineData("10 s")]
    [InlineData("1h")]
    [InlineData("1441m")]
    [InlineData("4294967295m")]
    public void TryParse_NoDuration_IsFalse(string text) => DurationText.TryParse(text, out _).ShouldBeFalse();
}
