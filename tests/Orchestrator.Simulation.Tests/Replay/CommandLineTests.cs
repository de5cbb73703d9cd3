using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Replay;

namespace Orchestrator.Simulation.Tests.Replay;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_NoArguments_IsOneSeedOfThreeThousandEvents()
    {
        var (options, problem) = CommandLine.Parse([]);

        problem.ShouldBeNull();
        (options.Seed, options.Seeds, options.Events).ShouldBe((1UL, 1, 3000));
    }

    [Fact]
    public void Parse_EveryOption_IsTaken()
    {
        var (options, problem) = CommandLine.Parse(
            ["--seed", "7", "--seeds", "9", "--events", "11", "--bug", "doublelease", "--json"]);

        problem.ShouldBeNull();
        (options.Seed, options.Seeds, options.Events, options.IsJson).ShouldBe((7UL, 9, 11, true));
        options.Bugs.ShouldBe([PlantedBug.DoubleLease]);
    }

    [Fact]
    public void Parse_AllBugs_NamesEachOfThem() =>
        CommandLine.Parse(["--bug", "all"]).Options.Bugs.Count.ShouldBe(Enum.GetValues<PlantedBug>().Length - 1);

    [Theory]
    [InlineData("--seed")]
    [InlineData("--seeds", "0")]
    [InlineData("--events", "many")]
    [InlineData("--bug", "none-such")]
    [InlineData("--fast", "1")]
    [InlineData("--trace", "--seeds", "2")]
    public void Parse_WhatIsNotUnderstood_SaysSo(params string[] arguments) =>
        CommandLine.Parse(arguments).Problem.ShouldNotBeNull();
}
