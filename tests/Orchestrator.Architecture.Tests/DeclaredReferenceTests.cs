using System.Xml.Linq;

namespace Orchestrator.Architecture.Tests;

/// <summary>What projects declare, whether or not their code uses it yet.</summary>
public sealed class DeclaredReferenceTests
{
    [Fact]
    public void Projects_PointOneWay()
    {
        var references = Sources.Projects.ToDictionary(
            project => Path.GetFileNameWithoutExtension(project), References);

        foreach (var (project, direct) in references)
        {
            Reachable(direct, references).ShouldNotContain(project, $"{project} refers to itself in a circle");
        }
    }

    [Fact]
    public void Silo_DeclaresHostingOnly() =>
        References(Sources.Projects.Single(project => Path.GetFileName(project) == "Orchestrator.Silo.csproj"))
            .ShouldBe(["Orchestrator.Hosting"]);

    [Fact]
    public void NoProject_NamesAVersionOfItsOwn() => Sources.Projects
        .Where(project => XDocument.Load(project).Descendants("PackageReference")
            .Any(reference => reference.Attributes().Any(attribute =>
                attribute.Name.LocalName is "Version" or "VersionOverride")))
        .ShouldBeEmpty("versions are central: Directory.Packages.props");

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))];

    private static HashSet<string> Reachable(string[] direct, Dictionary<string, string[]> references)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(direct);
        while (next.TryDequeue(out var project))
        {
            if (reached.Add(project))
            {
                Array.ForEach(references.GetValueOrDefault(project, []), next.Enqueue);
            }
        }

        return reached;
    }
}
