namespace Orchestrator.Cli.Development;

/// <summary>The end of a log file, for messages about the program that wrote it.</summary>
internal static class LogTail
{
    private const int MaximumLines = 15;
    private const int MaximumBytes = 16 * 1024;

    /// <summary>The last lines, indented under the file's path; says so where there are none.</summary>
    public static string Of(string path)
    {
        if (!File.Exists(path))
            return $"{path} does not exist.";
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(file.Length, MaximumBytes), SeekOrigin.End);
        var lines = new StreamReader(file).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0
            ? $"{path} is empty."
            : $"End of {path}:\n  {string.Join("\n  ", lines.TakeLast(MaximumLines))}";
    }
}
