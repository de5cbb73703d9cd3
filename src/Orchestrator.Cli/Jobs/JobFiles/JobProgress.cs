using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>How the job's progress is learnt; null where the file does not say.</summary>
internal static class JobProgress
{
    private const string Section = "progress";
    private static readonly string[] Keys = ["from", "pattern", "path"];

    public static ProgressPolicy? Read(SectionReader reader)
    {
        if (reader.Section(Section, Keys) is not { } section)
            return null;
        var policy = new ProgressPolicy
        {
            From = Source(section),
            Pattern = section.Text("pattern") ?? "",
            // Relative to the working directory of the ranks, and not to the job file: their hosts resolve it.
            Path = section.Text("path") ?? "",
        };
        if (policy.From == ProgressSource.Log && section.Node("pattern") is null)
            section.Report(null, "pattern", "is missing; from: log needs a regular expression for its lines");
        if (policy.From == ProgressSource.File && section.Node("path") is null)
            section.Report(null, "path", "is missing; from: file needs the file's path");
        return policy;
    }

    private static ProgressSource Source(SectionReader section)
    {
        const string rule = "must be client, log or file";
        if (section.Node("from") is null)
        {
            section.Report(null, "from", $"is missing; it {rule}");
            return ProgressSource.Unspecified;
        }

        var text = section.Text("from");
        switch (text)
        {
            case "client":
                return ProgressSource.Client;
            case "log":
                return ProgressSource.Log;
            case "file":
                return ProgressSource.File;
            case not null:
                section.Report(section.Node("from"), "from", $"{rule}, not '{text}'");
                break;
        }

        return ProgressSource.Unspecified;
    }
}
