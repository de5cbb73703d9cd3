namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>One thing that is wrong with a job file.</summary>
/// <param name="Line">Counted from 1; 0 for what stands on the command line.</param>
/// <param name="Key">Where it is, e.g. "checkpoint.keep"; empty for the file as a whole.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
internal sealed record JobFileProblem(long Line, string Key, string Message)
{
    public string In(string path)
    {
        var place = Line > 0 ? $"{path}:{Line}" : path;
        return Key.Length > 0 ? $"{place}: {Key}: {Message}" : $"{place}: {Message}";
    }
}
