using System.Text.RegularExpressions;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>The job's name, from the command line or the file.</summary>
internal static partial class JobName
{
    private const string Rule = "1 to 40 lower-case letters, digits and '-', beginning with a letter or digit";

    public static string Read(SectionReader reader, string? given, List<JobFileProblem> problems)
    {
        if (given is not null)
        {
            if (!Valid().IsMatch(given))
                problems.Add(new JobFileProblem(0, "--name", $"must be {Rule}, not '{given}'"));
            return given;
        }

        if (reader.Node("name") is null)
        {
            reader.Report(null, "name", $"is missing; it must be {Rule}");
            return "";
        }

        var name = reader.Text("name") ?? "";
        if (name.Length > 0 && !Valid().IsMatch(name))
            reader.Report(reader.Node("name"), "name", $"must be {Rule}, not '{name}'");
        return name;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,39}\z")]
    private static partial Regex Valid();
}
