namespace Orchestrator.EndToEnd.Tests;

/// <summary>Where the programs under test and the samples are.</summary>
internal static class Checkout
{
    private static readonly string Configuration =
        AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    public static string Root { get; } = FindRoot();

    public static string Orch => Path.Combine(Root, $"src/Orchestrator.Cli/bin/{Configuration}/net10.0/orch");

    public static string Samples => Path.Combine(Root, "src/samples");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException("Orchestrator.sln is in no folder above the test.");
    }
}
