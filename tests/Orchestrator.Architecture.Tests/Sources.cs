namespace Orchestrator.Architecture.Tests;

/// <summary>The source text of the repository.</summary>
internal static class Sources
{
    private static readonly string[] Folders = ["src", "tests", "samples"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The projects under src.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)];

    /// <summary>Every C# file that a person wrote, relative to the root, with its lines.</summary>
    public static IReadOnlyList<(string Path, string[] Lines)> Files { get; } =
        [.. Folders.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => (file, File.ReadAllLines(Path.Combine(Root, file))))];

    /// <summary>Where a text stands in the sources.</summary>
    /// <param name="text">The text.</param>
    /// <param name="folder">Only files whose path begins so.</param>
    /// <returns>"path:line" of each.</returns>
    public static IEnumerable<string> Find(string text, string folder = "") =>
        from file in Files
        where file.Path.StartsWith(folder, StringComparison.Ordinal)
        from line in file.Lines.Index()
        where line.Item.Contains(text, StringComparison.Ordinal)
        select $"{file.Path}:{line.Index + 1}";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException($"No Orchestrator.sln above {AppContext.BaseDirectory}.");
    }
}
