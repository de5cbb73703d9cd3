using System.Collections.Immutable;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Tests.Builders;
using Orchestrator.Tests.Shared;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class CommandCheckTests
{
    [Theory]
    [MemberData(nameof(EnvironmentNames.Good), MemberType = typeof(EnvironmentNames))]
    public void Problems_NameThatHostsTake_IsTaken(string name) => Problems(name).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(EnvironmentNames.Bad), MemberType = typeof(EnvironmentNames))]
    public void Problems_NameThatHostsRefuse_IsRefusedAtSubmission(string name) =>
        Problems(name).ShouldHaveSingleItem().ShouldStartWith($"environment: the name '{name}' must be letters");

    [Theory]
    [MemberData(nameof(EnvironmentNames.Reserved), MemberType = typeof(EnvironmentNames))]
    public void Problems_NameThatTheAgentSets_IsRefusedWithTheReason(string name) =>
        Problems(name).ShouldHaveSingleItem()
            .ShouldBe($"environment: '{name}' is set for each rank by the agent; leave it out.");

    [Fact]
    public void Problems_ZeroByte_IsToldOfEachPlace()
    {
        var spec = AJob.Spec() with
        {
            Command = ["python3", "a\0b"],
            WorkingDirectory = "/srv\0",
            CheckpointStore = "/store\0",
            Environment = ImmutableDictionary<string, string>.Empty.Add("A", "\0"),
        };

        JobSpecCheck.Problems(spec).Select(problem => problem.Split(':')[0])
            .ShouldBe(["command", "workingDirectory", "checkpoint.store", "environment"]);
    }

    [Fact]
    public void Problems_LongerThanTheKernelTakes_IsRefused()
    {
        var longest = AJob.Spec() with { Command = ["python3", new string('x', Limits.ArgumentBytes)] };
        JobSpecCheck.Problems(longest).ShouldBeEmpty();
        JobSpecCheck.Problems(longest with { Command = longest.Command.SetItem(1, longest.Command[1] + "x") })
            .ShouldHaveSingleItem().ShouldContain("is longer than 120,000 bytes; put it into a file.");
    }

    [Fact]
    public void Problems_LongAltogether_IsRefused()
    {
        var text = new string('x', 100_000);
        JobSpecCheck.Problems(AJob.Spec() with { Command = ["a", .. Enumerable.Repeat(text, 11)] })
            .ShouldHaveSingleItem().ShouldStartWith("command: with the environment it is longer than 1,048,576 bytes");
    }

    private static IReadOnlyList<string> Problems(string name) => JobSpecCheck.Problems(
        AJob.Spec() with { Environment = ImmutableDictionary<string, string>.Empty.Add(name, "1") });
}
