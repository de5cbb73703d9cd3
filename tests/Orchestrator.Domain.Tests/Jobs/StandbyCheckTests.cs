using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class StandbyCheckTests
{
    [Theory]
    [InlineData("torch", true)]
    [InlineData("torch.distributed", true)]
    [InlineData("_private.module2", true)]
    [InlineData("", false)]
    [InlineData("torch numpy", false)]
    [InlineData("torch;os", false)]
    [InlineData("torch.", false)]
    [InlineData("2torch", false)]
    [InlineData("torch\n", false)]
    public void Problems_Module_MustBeAName(string module, bool isValid) =>
        Problems(["python3", "train.py"], module).Any().ShouldBe(!isValid);

    [Fact]
    public void Problems_ManyOrLongModules_NameTheLimit()
    {
        Problems(["python3", "a.py"], [.. Enumerable.Repeat("torch", Limits.StandbyImports + 1)])
            .ShouldHaveSingleItem().ShouldContain($"at most {Limits.StandbyImports} modules");
        Problems(["python3", "a.py"], new string('a', Limits.ModuleNameLength + 1))
            .ShouldHaveSingleItem().ShouldContain($"at most {Limits.ModuleNameLength} letters");
    }

    [Theory]
    [InlineData("python3 train.py", true)]
    [InlineData("/usr/bin/python3.11 -u train.py -I", true)]
    [InlineData("python -uO -X dev -W ignore -m train -S", true)]
    [InlineData("python -Wignore -XI train.py", true)]
    [InlineData("python -c -E", true)]
    [InlineData("python", true)]
    [InlineData("python -I train.py", false)]
    [InlineData("python -uS train.py", false)]
    [InlineData("python -X dev -E train.py", false)]
    [InlineData("python-wrapper train.py", false)]
    [InlineData("sh -c python", false)]
    [InlineData("torchrun train.py", false)]
    [InlineData("env python train.py", false)]
    public void Problems_Command_MustLetTheHookHoldIt(string command, bool isValid) =>
        Problems(command.Split(' '), "torch").Any().ShouldBe(!isValid);

    [Fact]
    public void Problems_OtherCommandWithoutStandbys_IsFine() => Problems(["sh", "-c", "true"]).ShouldBeEmpty();

    [Fact]
    public void Due_Launch_CarriesTheImports()
    {
        var job = AJob.OnNodes(change: spec => spec with { StandbyImports = ["torch"] }).Granted().Prepares();

        JobOrders.Due(job).Select(entry => entry.Order.Body).OfType<LaunchOrder>()
            .SelectMany(launch => launch.StandbyImports).ShouldBe(["torch", "torch"]);
    }

    private static IReadOnlyList<string> Problems(string[] command, params string[] modules) =>
        JobSpecCheck.Problems(AJob.Spec() with { Command = [.. command], StandbyImports = [.. modules] });
}
