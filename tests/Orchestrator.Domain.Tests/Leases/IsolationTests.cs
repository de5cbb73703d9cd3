using CsCheck;
using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Tests.Leases;

public sealed class IsolationTests
{
    [Theory]
    [InlineData(null, "", false)]
    [InlineData(0, "", true)]
    [InlineData(1, "", false)]
    [InlineData(1, "n", true)]
    [InlineData(1, "y", false)]
    [InlineData(2, "n", true)]
    [InlineData(5, "nn", false)]
    [InlineData(5, "nnn", true)]
    [InlineData(5, "nnnny", false)]
    public void IsControlPlaneDown_OfASample_NeedsAMajorityThatHearsNothingEither(
        int? sample, string answers, bool isDown) =>
        Isolation.IsControlPlaneDown(sample, [.. answers.Select(answer => answer == 'y')]).ShouldBe(isDown);

    [Fact]
    public void IsControlPlaneDown_OfTwoHalvesOfOneSample_AtMostOneGoesOn() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 9]).Sample((here, there) =>
        {
            // A sample of everybody, cut in two while the control plane is down: never do both halves go on.
            var sample = here + there;
            var ours = Isolation.IsControlPlaneDown(sample, new bool[here]);
            var theirs = Isolation.IsControlPlaneDown(sample, new bool[there - 1]);
            (ours && theirs).ShouldBeFalse();
        });

    [Fact]
    public void SampleHeardFor_OfAnyCut_ExactlyOneOfControlPlaneAndHostActs() =>
        Gen.Int[0, 9].SelectMany(sample => Gen.Int[0, sample].Select(cut => (sample, cut))).Sample(split =>
        {
            // So many of the sample are cut off together with the host; the others are heard.
            var goesOn = Isolation.IsControlPlaneDown(split.sample, new bool[split.cut]);
            var isCalledLost = Isolation.SampleHeardFor(Heard(split.sample - split.cut, split.sample)) is not null;
            (goesOn ^ isCalledLost).ShouldBeTrue();
        });

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(1, 2, true)]
    [InlineData(1, 3, false)]
    [InlineData(2, 3, true)]
    [InlineData(500, 1000, true)]
    [InlineData(499, 1000, false)]
    public void FleetHeardFor_OfAFleet_NeedsOneHalf(int heard, int known, bool isHeard) =>
        (Isolation.FleetHeardFor(Heard(heard, known)) is not null).ShouldBe(isHeard);

    [Fact]
    public void FleetHeardFor_SomeHeardForLonger_IsAsLongAsEnoughAre() =>
        Isolation.FleetHeardFor([TimeSpan.FromSeconds(9), null, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5)])
            .ShouldBe(TimeSpan.FromSeconds(5));

    [Fact]
    public void Sample_OfManyRacks_TakesOneOfEachFirst()
    {
        var others = Enumerable.Range(0, 40).Select(number => ($"n{number}", (string?)$"rack{number / 8}")).ToArray();

        var asked = Isolation.Sample("n0", others);

        asked.Count.ShouldBe(Isolation.SampleSize);
        asked.ShouldNotContain("n0");
        asked.Select(name => int.Parse(name[1..], null) / 8).Distinct().Count().ShouldBe(5);
        Isolation.Sample("n0", others.Reverse()).ShouldBe(asked, "it is the same for the same fleet");
    }

    private static IEnumerable<TimeSpan?> Heard(int heard, int of) =>
        Enumerable.Range(0, of).Select(number => number < heard ? TimeSpan.FromSeconds(1) : (TimeSpan?)null);

    [Fact]
    public void Sample_OfNeighbours_IsNotAlwaysTheSame()
    {
        var others = Enumerable.Range(0, 40).Select(number => ($"n{number}", (string?)null)).ToArray();

        Enumerable.Range(0, 40).SelectMany(number => Isolation.Sample($"n{number}", others)).Distinct().Count()
            .ShouldBeGreaterThan(30);
    }
}
