using Orchestrator.Protocol.V1;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>The job file: YAML in, the protocol's job out, with every problem found on the way.</summary>
internal static class JobFile
{
    /// <summary>More hosts than any training job has; guards against a slipped zero.</summary>
    private const uint MaximumNodes = 100_000;

    private const uint MaximumRanksPerNode = 1_024;
    private const uint MaximumKeptCheckpoints = 10_000;
    private const uint MaximumAttemptsWithoutProgress = 1_000;
    private const uint DefaultKeep = 3;
    private const uint DefaultStopAfterNoProgress = 3;
    private static readonly TimeSpan DefaultStopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(10);

    private static readonly string[] Keys =
    [
        "name", "nodes", "ranksPerNode", "command", "workingDirectory", "environment", "checkpoint", "recovery",
        "progress",
    ];

    private static readonly string[] CheckpointKeys = ["store", "keep"];
    private static readonly string[] RecoveryKeys = ["stopAfterNoProgress", "stopGrace", "lease"];

    /// <summary>Parses a job file.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="folder">The file's folder, absolute: relative paths in it start here.</param>
    /// <param name="overrides">What the command line says instead.</param>
    /// <returns>The job, and all problems; the job is meaningful only where there are none.</returns>
    public static (JobSpec Spec, IReadOnlyList<JobFileProblem> Problems) Parse(
        string text, string folder, JobOverrides overrides)
    {
        var problems = new List<JobFileProblem>();
        var root = Load(text, problems);
        if (root is null)
            return (new JobSpec(), problems);

        var reader = new SectionReader(root, "", Keys, folder, problems);
        var spec = new JobSpec
        {
            Name = JobName.Read(reader, overrides.Name, problems),
            Nodes = reader.RequiredNumber("nodes", MaximumNodes),
            RanksPerNode = reader.Number("ranksPerNode", 1, MaximumRanksPerNode),
            WorkingDirectory = reader.AbsolutePath("workingDirectory") ?? folder,
            Checkpoint = Checkpoint(reader.Section("checkpoint", CheckpointKeys)),
            Recovery = Recovery(reader.Section("recovery", RecoveryKeys)),
            Progress = JobProgress.Read(reader),
        };
        spec.Command.Add(JobCommandLine.Read(reader, problems));
        spec.Environment.Add(JobEnvironment.Read(reader, overrides.Environment, problems));
        return (spec, problems);
    }

    private static YamlMappingNode? Load(string text, List<JobFileProblem> problems)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
                return root;
            var line = stream.Documents.Count > 1 ? stream.Documents[1].RootNode.Start.Line : 1;
            problems.Add(new(line, "", $"a job file is one mapping with the keys {string.Join(", ", Keys)}"));
        }
        catch (YamlException error)
        {
            problems.Add(new(error.Start.Line, "", $"this is not valid YAML: {error.Message}"));
        }

        return null;
    }

    private static CheckpointPolicy? Checkpoint(SectionReader? section) => section is null ? null : new()
    {
        Store = section.RequiredPath("store"),
        Keep = section.Number("keep", DefaultKeep, MaximumKeptCheckpoints),
    };

    private static RecoveryPolicy Recovery(SectionReader? section) => new()
    {
        StopAfterNoProgress = section?.Number(
            "stopAfterNoProgress", DefaultStopAfterNoProgress, MaximumAttemptsWithoutProgress)
            ?? DefaultStopAfterNoProgress,
        StopGraceMs = (uint)(section?.Duration("stopGrace", DefaultStopGrace) ?? DefaultStopGrace).TotalMilliseconds,
        LeaseMs = (uint)(section?.Duration("lease", DefaultLease) ?? DefaultLease).TotalMilliseconds,
    };
}
