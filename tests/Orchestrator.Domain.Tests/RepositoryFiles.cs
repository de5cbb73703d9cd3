namespace Orchestrator.Domain.Tests;

/// <summary>Finds files of the repository from wherever the tests run.</summary>
internal static class RepositoryFiles
{
    public static string Find(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
        {
            folder = folder.Parent;
        }

        folder.ShouldNotBeNull($"no Orchestrator.sln above {AppContext.BaseDirectory}");
        return Path.Combine([folder.FullName, .. parts]);
    }
}
