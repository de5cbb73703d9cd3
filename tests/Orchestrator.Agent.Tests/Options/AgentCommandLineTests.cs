using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Options;

namespace Orchestrator.Agent.Tests.Options;

public class AgentCommandLineTests
{
    [Fact]
    public void Parse_EverythingWrong_ReportsAllAtOnce()
    {
        var line = new AgentCommandLine();
        var options = line.Parse([
            "--name", "a b", "--silo", "nowhere", "--virtual-gpus", "many", "--label", "x", "--color",
            "--job-log-mib", "0", "--memory",
        ]);

        options.ShouldBeNull();
        line.Errors.Count.ShouldBe(9);
        line.Errors.ShouldContain("'--color' is not an option of the agent.");
        line.Errors.ShouldContain("--state is required.");
        line.Errors.ShouldContain("--memory needs a value.");
        line.Errors.ShouldContain(error => error.StartsWith("--label 'x' is not KEY=VALUE: a key of 1 to 63"));
        line.Errors.ShouldContain("--job-log-mib '0' is not a number from 1 to 1048576.");
    }

    [Theory]
    [InlineData("rack=a", true)]
    [InlineData("topology/zone=b=c", true)]
    [InlineData("rack=", false)]
    [InlineData("=a", false)]
    [InlineData("-rack=a", false)]
    [InlineData("rack=a b", false)]
    [InlineData("rack=a\n", false)]
    public void Label_IsKeyAndValue(string text, bool isLabel) => (Label.Parse(text) is not null).ShouldBe(isLabel);

    [Fact]
    public void Parse_TooManyLabels_IsRefused()
    {
        var line = new AgentCommandLine();
        line.Parse([.. Enumerable.Range(0, 18).SelectMany(number => new[] { "--label", $"k{number}=v" })]);

        line.Errors.Count(error => error == "--label is given more than 16 times.").ShouldBe(1);
    }

    [Fact]
    public void Parse_AllOptions_GivesThem()
    {
        var folder = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
        var line = new AgentCommandLine();
        var options = line.Parse([
            "--name", "host1", "--silo", "http://127.0.0.1:7070", "--state", $"{folder}/s", "--memory", $"{folder}/m",
            "--address", "127.0.1.1", "--virtual-gpus", "8", "--label", "rack=a", "--label", "zone=b=c",
            "--job-log-mib", "16", "--ended-log-hours", "48"]);
        Directory.Delete(folder, recursive: true);

        line.Errors.ShouldBeEmpty();
        options.ShouldNotBeNull();
        options.VirtualGpus.ShouldBe(8);
        options.Labels["zone"].ShouldBe("b=c");
        options.Logs.ShouldBe(new LogBounds(16 * 1024 * 1024, TimeSpan.FromDays(2)));
    }
}
