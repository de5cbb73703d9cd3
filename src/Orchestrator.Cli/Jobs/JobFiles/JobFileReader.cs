using Orchestrator.Cli.CommandLine;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>Reads a job file from disk, or ends the command with all that is wrong with it.</summary>
internal static class JobFileReader
{
    /// <summary>A job file is written by hand; anything longer is some other file.</summary>
    private const long MaximumBytes = 1024 * 1024;

    /// <exception cref="CliException">
    /// The file cannot be read, or has problems; the message lists all of them.
    /// </exception>
    public static JobSpec Read(string path, JobOverrides overrides)
    {
        var (spec, problems) = JobFile.Parse(Load(path), Path.GetDirectoryName(Path.GetFullPath(path))!, overrides);
        if (problems.Count == 0)
            return spec;
        var lines = problems.OrderBy(problem => problem.Line).Select(problem => problem.In(path));
        throw new CliException(ExitCode.BadUsage, string.Join('\n', lines));
    }

    private static string Load(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaximumBytes })
                throw new CliException(ExitCode.BadUsage, $"{path} is larger than 1 MiB and no job file.");
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.BadUsage, $"The job file cannot be read: {error.Message}");
        }
    }
}
