using Orchestrator.Cli.Jobs.JobFiles;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Tests.Jobs;

public sealed class JobProgressTests
{
    private const string Smallest = "name: train\nnodes: 4\ncommand: [python3, train.py]\n";

    [Theory]
    [InlineData("{from: client}", ProgressSource.Client, "", "")]
    [InlineData("{from: log, pattern: 'step (?<step>[0-9]+)'}", ProgressSource.Log, "step (?<step>[0-9]+)", "")]
    [InlineData("{from: file, path: 'out/{rank}.json'}", ProgressSource.File, "", "out/{rank}.json")]
    public void Parse_Progress_IsTakenAsItStands(string section, ProgressSource from, string pattern, string path)
    {
        var (spec, problems) = Parse($"progress: {section}\n");

        problems.ShouldBeEmpty();
        spec.Progress.ShouldBe(new ProgressPolicy { From = from, Pattern = pattern, Path = path });
    }

    [Theory]
    [InlineData("{from: stdout}", "progress.from", "must be client, log or file, not 'stdout'")]
    [InlineData("{pattern: x}", "progress.from", "is missing; it must be client, log or file")]
    [InlineData("{from: log}", "progress.pattern", "is missing; from: log needs a regular expression")]
    [InlineData("{from: file}", "progress.path", "is missing; from: file needs the file's path")]
    [InlineData("{from: log, patern: x, pattern: x}", "progress.patern", "allowed here: from, pattern, path")]
    [InlineData("log", "progress", "a mapping with the keys from, pattern, path")]
    public void Parse_WrongProgress_SaysLineKeyAndWhatIsAllowed(string section, string key, string message)
    {
        var (_, problems) = Parse($"progress: {section}\n");

        var problem = problems.ShouldHaveSingleItem();
        problem.Line.ShouldBe(4);
        problem.Key.ShouldBe(key);
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void Parse_DocumentedJobFile_IsAJob()
    {
        var (spec, problems) = JobFile.Parse(DocumentedJobFile(), "/jobs", JobOverrides.None);

        problems.ShouldBeEmpty();
        spec.Progress.From.ShouldBe(ProgressSource.Log);
    }

    private static string DocumentedJobFile()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orchestrator.sln")))
            folder = Path.GetDirectoryName(folder).ShouldNotBeNull("the test runs in no checkout");
        var page = File.ReadAllText(Path.Combine(folder, "docs", "python-client.md"));
        return page.Split("```yaml\n")[1].Split("```")[0];
    }

    private static (JobSpec Spec, IReadOnlyList<JobFileProblem> Problems) Parse(string more) =>
        JobFile.Parse(Smallest + more, "/jobs", JobOverrides.None);
}
