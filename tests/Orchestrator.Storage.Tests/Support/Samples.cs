namespace Orchestrator.Storage.Tests.Support;

/// <summary>Ready-made samples, and their comparison by content.</summary>
internal static class Samples
{
    /// <summary>A record in which every property has a value of its own.</summary>
    public static SampleRecord Full(string name) => new()
    {
        Name = name,
        Reason = null,
        State = SampleState.Lost,
        Before = SampleState.Warm,
        Remaining = TimeSpan.FromMilliseconds(61_234.5),
        At = new DateTimeOffset(2026, 3, 29, 2, 30, 0, 123, TimeSpan.FromHours(-7)).AddTicks(4567),
        Owners = ["operator", "滑り"],
        Ranks = [new SampleRank(0, null), new SampleRank(1, -9)],
        ByRank = new Dictionary<int, SampleRank> { [7] = new(7, 137) },
        LeaseNumber = long.MaxValue,
        Load = 0.1 + 0.2,
    };

    /// <summary>Compares property by property; collections by what is in them.</summary>
    public static void ShouldHaveTheContentOf(this SampleRecord? actual, SampleRecord expected)
    {
        actual.ShouldNotBeNull();
        actual.Owners.ShouldBe(expected.Owners);
        actual.Ranks.ShouldBe(expected.Ranks);
        actual.ByRank.ShouldBe(expected.ByRank, ignoreOrder: true);
        actual.At.Offset.ShouldBe(expected.At.Offset);
        var rest = actual with { Owners = expected.Owners, Ranks = expected.Ranks, ByRank = expected.ByRank };
        rest.ShouldBe(expected);
    }
}
