using System.Text.RegularExpressions;
using Orchestrator.Cli.Jobs.JobFiles;

namespace Orchestrator.Cli.Tests.Jobs;

/// <summary>Keeps docs/job-file.md true: its examples are job files, and it speaks of every key.</summary>
public sealed partial class JobFileDocumentationTests
{
    private static readonly string Page = File.ReadAllText(Find("docs", "job-file.md"));

    public static TheoryData<string> Examples => [.. Block().Matches(Page).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfThePage_IsAJobFile(string example)
    {
        var (spec, problems) = JobFile.Parse(example, "/jobs", JobOverrides.None);

        problems.ShouldBeEmpty();
        spec.Nodes.ShouldBeGreaterThan(0U);
    }

    [Fact]
    public void Page_HasSeveralExamples() => Examples.Count.ShouldBeGreaterThan(2);

    [Fact]
    public void Page_ExplainsEveryKey()
    {
        // What the reader itself names as allowed, at the top and in each section that it reports.
        var (_, problems) = JobFile.Parse(
            "x: 1\ncheckpoint: {x: 1}\nprogress: {x: 1}\nrecovery: {x: 1}\n", "/jobs", JobOverrides.None);
        var lists = problems.Where(problem => problem.Message.Contains("llowed here: ", StringComparison.Ordinal))
            .ToList();

        lists.Count.ShouldBe(4);
        foreach (var problem in lists)
        {
            var section = problem.Key[..^1];
            foreach (var key in problem.Message.Split("llowed here: ")[1].Split(", "))
                Page.ShouldContain($"`{section}{key}`");
        }
    }

    private static string Find(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
            folder = folder.Parent;
        folder.ShouldNotBeNull($"no Orchestrator.sln above {AppContext.BaseDirectory}");
        return Path.Combine([folder.FullName, .. parts]);
    }

    [GeneratedRegex(@"^```yaml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
