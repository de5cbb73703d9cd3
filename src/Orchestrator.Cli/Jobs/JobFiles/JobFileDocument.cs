using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>The YAML of a job file: one mapping.</summary>
internal static partial class JobFileDocument
{
    private const string Smallest = "the smallest has name, nodes and command";

    /// <summary>Loads the mapping; null where there is none, and then a problem says why.</summary>
    public static YamlMappingNode? Load(string text, List<JobFileProblem> problems)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new UniqueKeys(new Parser(new StringReader(text)), problems));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
                return root;
            problems.Add(NoMapping(stream));
        }
        catch (YamlException error)
        {
            var tabs = Tabs(text);
            problems.AddRange(tabs.Count > 0 ? tabs : [Invalid(error)]);
        }

        return null;
    }

    private static JobFileProblem NoMapping(YamlStream stream) => stream.Documents switch
    {
        [] => new(1, "", $"the file is empty; a job file is one mapping of keys to values: {Smallest}"),
        [_, var second, ..] => new(
            second.RootNode.Start.Line, "", "a job file is one document; a second one begins here, after '---'"),
        [{ RootNode: YamlSequenceNode list }] => new(
            list.Start.Line, "", $"this is a list; a job file is one mapping of keys to values: {Smallest}"),
        [var other] => new(
            Math.Max(1, other.RootNode.Start.Line), "",
            $"this is only a text; a job file is one mapping of keys to values: {Smallest}"),
    };

    private static JobFileProblem Invalid(YamlException error) =>
        new(Math.Max(1, error.Start.Line), "", $"this is not valid YAML: {Place().Replace(error.Message, "")}");

    /// <summary>What the parser says of tabs is true and helps nobody.</summary>
    private static List<JobFileProblem> Tabs(string text) => text.Split('\n').Index()
        .Where(line => line.Item.TrimStart(' ').StartsWith('\t'))
        .Select(line => new JobFileProblem(line.Index + 1, "", "a tab cannot indent a line in YAML; use spaces"))
        .ToList();

    /// <summary>The parser's own words for a place, which a problem already has.</summary>
    [GeneratedRegex(@"^\(Line: .*?\) - \(Line: .*?\): ")]
    private static partial Regex Place();
}
