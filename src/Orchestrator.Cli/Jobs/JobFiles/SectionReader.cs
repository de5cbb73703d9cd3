using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>Reads typed values of one mapping; whatever is wrong becomes a problem, and reading goes on.</summary>
internal sealed class SectionReader
{
    /// <summary>No pause of a job that somebody waits for is longer.</summary>
    private static readonly TimeSpan MaximumDuration = TimeSpan.FromMinutes(60);

    private readonly Dictionary<string, YamlNode> _values = [];
    private readonly List<JobFileProblem> _problems;
    private readonly string _prefix;
    private readonly string _folder;
    private readonly long _line;

    public SectionReader(
        YamlMappingNode section, string prefix, string[] keys, string folder, List<JobFileProblem> problems)
    {
        _problems = problems;
        _prefix = prefix;
        _folder = folder;
        _line = Math.Max(section.Start.Line, 1);
        foreach (var (key, value) in section.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (keys.Contains(name))
                _values[name] = value;
            else
                Report(key, name, Unknown(name, keys));
        }
    }

    /// <summary>The value of a key as it stands, or null where the key is not there.</summary>
    public YamlNode? Node(string key) => _values.GetValueOrDefault(key);

    /// <summary>Reports a problem with a value, or with the section where the key is missing.</summary>
    public void Report(YamlNode? at, string key, string message) =>
        _problems.Add(new JobFileProblem(at?.Start.Line ?? _line, _prefix + key, message));

    public string? Text(string key)
    {
        if (Node(key) is not { } node)
            return null;
        if (node is YamlScalarNode { Value: { Length: > 0 } text })
            return text;
        Report(node, key, "must be a text that is not empty");
        return null;
    }

    public uint RequiredNumber(string key, uint maximum)
    {
        if (Node(key) is null)
            Report(null, key, $"is missing; it must be a whole number from 1 to {maximum}");
        return Number(key, 1, maximum);
    }

    public uint Number(string key, uint fallback, uint maximum)
    {
        if (Node(key) is not { } node)
            return fallback;
        var text = (node as YamlScalarNode)?.Value;
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= maximum)
            return number;
        Report(node, key, $"must be a whole number from 1 to {maximum}{NotThis(text)}");
        return fallback;
    }

    /// <summary>True or false; null where the key is not there.</summary>
    public bool? Flag(string key)
    {
        if (Node(key) is not { } node)
            return null;
        var text = (node as YamlScalarNode)?.Value;
        if (text is "true" or "false")
            return text == "true";
        Report(node, key, $"must be true or false{NotThis(text)}");
        return null;
    }

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan minimum)
    {
        if (Node(key) is not { } node)
            return fallback;
        var text = (node as YamlScalarNode)?.Value;
        if (text is not null && DurationText.TryParse(text, out var duration)
            && duration >= minimum && duration <= MaximumDuration)
            return duration;
        Report(
            node,
            key,
            $"must be a duration such as 500ms, 10s or 2m, from {DurationText.Of(minimum)} to 60m{NotThis(text)}");
        return fallback;
    }

    /// <summary>A path, made absolute against the job file's folder; null where the key is not there.</summary>
    public string? AbsolutePath(string key) =>
        Text(key) is { } path ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, _folder)) : null;

    public string RequiredPath(string key)
    {
        if (Node(key) is null)
            Report(null, key, "is missing; it must be a path");
        return AbsolutePath(key) ?? "";
    }

    public SectionReader? Section(string key, string[] keys)
    {
        if (Node(key) is not { } node)
            return null;
        if (node is YamlMappingNode section)
            return new SectionReader(section, $"{_prefix}{key}.", keys, _folder, _problems);
        Report(node, key, $"must be a mapping with the keys {string.Join(", ", keys)}");
        return null;
    }

    private static string Unknown(string name, string[] keys)
    {
        if (name == "<<")
            return "merge keys are not understood here; write the keys out";
        var allowed = $"llowed here: {string.Join(", ", keys)}";
        return Spelling.Nearest(name, keys) is { } nearest
            ? $"unknown key; did you mean {nearest}? A{allowed}"
            : $"unknown key; a{allowed}";
    }

    private static string NotThis(string? text) => text is null ? "" : $", not '{text}'";
}
