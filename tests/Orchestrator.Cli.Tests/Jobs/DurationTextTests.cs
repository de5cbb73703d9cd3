using CsCheck;
using Orchestrator.Cli.Jobs.JobFiles;

namespace Orchestrator.Cli.Tests.Jobs;

public sealed class DurationTextTests
{
    [Fact]
    public void TryParse_AnyCountAndUnitUpToADay_IsThatLong() =>
        Gen.Select(Gen.Int[1, 1_440], Gen.OneOfConst(("ms", 1L), ("s", 1_000L), ("m", 60_000L))).Sample((count, unit) =>
        {
            DurationText.TryParse($"{count}{unit.Item1}", out var duration).ShouldBeTrue();
            duration.ShouldBe(TimeSpan.FromMilliseconds(count * unit.Item2));
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
