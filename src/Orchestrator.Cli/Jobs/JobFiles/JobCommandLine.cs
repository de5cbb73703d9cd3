using YamlDotNet.RepresentationModel;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>A command of the job: a list is program and arguments, a text runs under a shell.</summary>
internal static class JobCommandLine
{
    private const string Rule =
        "must be a list of texts (program and arguments), or one text that runs under sh -c";

    public static IReadOnlyList<string> Read(SectionReader reader, string key, List<JobFileProblem> problems)
    {
        var node = reader.Node(key);
        switch (node)
        {
            case YamlScalarNode { Value: { } line } when !string.IsNullOrWhiteSpace(line):
                return ["sh", "-c", line];
            case YamlSequenceNode { Children.Count: > 0 } list:
                var words = list.Children.Select(child => (child as YamlScalarNode)?.Value).ToList();
                foreach (var (child, word) in list.Children.Zip(words))
                {
                    if (word is null)
                        problems.Add(new JobFileProblem(child.Start.Line, key, Rule));
                }

                if (words[0] is { } program && string.IsNullOrWhiteSpace(program))
                    reader.Report(list.Children[0], key, "the program, its first entry, must not be empty");
                return words.OfType<string>().ToList();
            default:
                reader.Report(node, key, node is null ? $"is missing; it {Rule}" : Rule);
                return [];
        }
    }
}
