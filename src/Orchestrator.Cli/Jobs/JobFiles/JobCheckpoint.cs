using Orchestrator.Protocol.V1;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>The section of the job file about checkpoints; null where there is none.</summary>
internal static class JobCheckpoint
{
    private const uint MaximumKept = 10_000;
    private const uint DefaultKept = 3;
    private const string BucketScheme = "s3://";
    private const string Auto = "auto";
    private static readonly string[] Keys = ["store", "keep", "keepEvery", "memory", "watch", "every"];

    public static CheckpointPolicy? Read(SectionReader reader)
    {
        if (reader.Section("checkpoint", Keys) is not { } section)
            return null;
        var policy = new CheckpointPolicy
        {
            Store = Store(section),
            Keep = section.Number("keep", DefaultKept, MaximumKept),
            KeepEvery = section.Number("keepEvery", 0, uint.MaxValue),
            // Relative to the working directory of the ranks, and not to the job file: their hosts resolve it.
            Watch = section.Text("watch") ?? "",
            AutoInterval = IsAuto(section),
        };
        if (section.Flag("memory") is { } memory)
            policy.Memory = memory;
        return policy;
    }

    // A bucket is no path: made absolute, it would lose a slash.
    private static string Store(SectionReader section) =>
        section.Node("store") is YamlScalarNode { Value: { } text }
        && text.StartsWith(BucketScheme, StringComparison.Ordinal)
            ? text
            : section.RequiredPath("store");

    private static bool IsAuto(SectionReader section)
    {
        if (section.Node("every") is null)
            return false;
        if (section.Text("every") is { } text && text != Auto)
        {
            section.Report(
                section.Node("every"), "every", $"must be auto, not '{text}'; a script saves at steps of its own");
        }

        return true;
    }
}
