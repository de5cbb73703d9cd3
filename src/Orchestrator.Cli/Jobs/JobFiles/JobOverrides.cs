namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>What the command line says instead of the job file.</summary>
/// <param name="Name">Null: the file's name holds.</param>
/// <param name="Environment">Each as KEY=VALUE; the last one of a key wins.</param>
internal sealed record JobOverrides(string? Name, IReadOnlyList<string> Environment)
{
    public static JobOverrides None { get; } = new(null, []);
}
