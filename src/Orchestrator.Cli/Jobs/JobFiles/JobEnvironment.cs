using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>The environment of the ranks: the file's, then the command line's.</summary>
internal static partial class JobEnvironment
{
    private const string KeyRule = "a variable's name must be letters, digits and '_', and not begin with a digit";

    public static Dictionary<string, string> Read(
        SectionReader reader, IReadOnlyList<string> given, List<JobFileProblem> problems)
    {
        var environment = new Dictionary<string, string>();
        ReadFile(reader, environment);
        foreach (var assignment in given)
        {
            var parts = assignment.Split('=', 2);
            if (parts.Length == 2 && Name().IsMatch(parts[0]))
                environment[parts[0]] = parts[1];
            else
                problems.Add(new JobFileProblem(0, "--env", $"must be KEY=VALUE, not '{assignment}'; {KeyRule}"));
        }

        return environment;
    }

    private static void ReadFile(SectionReader reader, Dictionary<string, string> environment)
    {
        const string section = "environment";
        var node = reader.Node(section);
        if (node is null)
            return;
        if (node is not YamlMappingNode mapping)
        {
            reader.Report(node, section, "must be a mapping of names to texts");
            return;
        }

        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (!Name().IsMatch(name))
                reader.Report(key, $"{section}.{name}", KeyRule);
            else if (value is YamlScalarNode { Value: { } text })
                environment[name] = text;
            else
                reader.Report(value, $"{section}.{name}", "must be a text; put quotes around it");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Name();
}
