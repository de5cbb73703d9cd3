using YamlDotNet.RepresentationModel;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>The section of the job file about standbys.</summary>
internal static class JobStandby
{
    private const string Section = "standby";
    private const string Key = "import";

    /// <summary>The modules to import; none where there is no section.</summary>
    public static IReadOnlyList<string> Read(SectionReader reader)
    {
        if (reader.Section(Section, [Key]) is not { } section)
            return [];
        var node = section.Node(Key);
        if (node is YamlSequenceNode { Children.Count: > 0 } list
            && list.Children.All(child => child is YamlScalarNode { Value.Length: > 0 }))
            return [.. list.Children.OfType<YamlScalarNode>().Select(child => child.Value!)];
        const string rule = "must be a list of Python modules, such as [torch]";
        section.Report(node, Key, node is null ? $"is missing; it {rule}" : rule);
        return [];
    }
}
