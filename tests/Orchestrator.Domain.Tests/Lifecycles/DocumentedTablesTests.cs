using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Tests.Lifecycles;

/// <summary>docs/ARCHITECTURE.md shows the tables that the code obeys, word for word.</summary>
public sealed class DocumentedTablesTests
{
    private const string Rewrite = "ORCHESTRATOR_WRITE_TABLES";
    private const string End = "<!-- /table -->";

    [Theory]
    [InlineData("node")]
    [InlineData("lease")]
    [InlineData("job")]
    [InlineData("incident")]
    public void ArchitecturePage_ShowsTheTableOfTheCode(string name)
    {
        var file = RepositoryFiles.Find("docs", "ARCHITECTURE.md");
        var begin = $"<!-- table: {name} -->";
        var page = File.Exists(file) ? File.ReadAllText(file) : "";
        var start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var end = start < begin.Length ? -1 : page.IndexOf(End, start, StringComparison.Ordinal);
        (end >= 0).ShouldBeTrue($"docs/ARCHITECTURE.md lacks the markers '{begin}' and '{End}'");
        var wanted = $"\n{Table(name)}";
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
        {
            page = page[..start] + wanted + page[end..];
            File.WriteAllText(file, page);
            end = start + wanted.Length;
        }

        page[start..end].ShouldBe(wanted, $"the table '{name}' is not that of the code; {Rewrite}=1 rewrites it");
    }

    private static string Table(string name) => name switch
    {
        "node" => NodeLifecycle.Table.ToMarkdown(),
        "lease" => LeaseLifecycle.Table.ToMarkdown(),
        "job" => JobLifecycle.Table.ToMarkdown(),
        _ => IncidentLifecycle.Table.ToMarkdown(),
    };
}
