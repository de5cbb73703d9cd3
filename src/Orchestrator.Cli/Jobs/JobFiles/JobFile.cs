using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>The job file: YAML in, the protocol's job out, with every problem found on the way.</summary>
internal static class JobFile
{
    // The control plane checks the same limits; here each problem has its line.
    private const uint MaximumNodes = 4_096;
    private const uint MaximumRanksPerNode = 128;
    private const uint MaximumAttemptsWithoutProgress = 1_000;
    private const uint DefaultStopAfterNoProgress = 3;
    private static readonly TimeSpan DefaultStopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestStopGrace = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(3);

    private static readonly string[] Keys =
    [
        "name", "nodes", "ranksPerNode", "command", "workingDirectory", "environment", "checkpoint", "recovery",
        "progress", "synchronous", "standby", "resumeCommand",
    ];

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
        var root = JobFileDocument.Load(text, problems);
        if (root is null)
            return (new JobSpec(), problems);

        var reader = new SectionReader(root, "", Keys, folder, problems);
        var spec = new JobSpec
        {
            Name = JobName.Read(reader, overrides.Name, problems),
            Nodes = reader.RequiredNumber("nodes", MaximumNodes),
            RanksPerNode = reader.Number("ranksPerNode", 1, MaximumRanksPerNode),
            WorkingDirectory = reader.AbsolutePath("workingDirectory") ?? folder,
            Checkpoint = JobCheckpoint.Read(reader),
            Recovery = Recovery(reader.Section("recovery", RecoveryKeys)),
            Progress = JobProgress.Read(reader),
        };
        if (reader.Flag("synchronous") is { } isSynchronous)
            spec.Synchronous = isSynchronous;
        spec.Command.Add(JobCommandLine.Read(reader, "command", problems));
        if (reader.Node("resumeCommand") is not null)
            spec.ResumeCommand.Add(JobCommandLine.Read(reader, "resumeCommand", problems));
        spec.StandbyImports.Add(JobStandby.Read(reader));
        spec.Environment.Add(JobEnvironment.Read(reader, overrides.Environment, problems));
        return (spec, problems);
    }

    private static RecoveryPolicy Recovery(SectionReader? section) => new()
    {
        StopAfterNoProgress = section?.Number(
            "stopAfterNoProgress", DefaultStopAfterNoProgress, MaximumAttemptsWithoutProgress)
            ?? DefaultStopAfterNoProgress,
        StopGraceMs = (uint)(section?.Duration("stopGrace", DefaultStopGrace, ShortestStopGrace) ?? DefaultStopGrace)
            .TotalMilliseconds,
        LeaseMs = (uint)(section?.Duration("lease", DefaultLease, ShortestLease) ?? DefaultLease).TotalMilliseconds,
    };
}
