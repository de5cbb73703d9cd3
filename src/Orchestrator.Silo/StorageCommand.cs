using Orchestrator.Hosting;

namespace Orchestrator.Silo;

/// <summary>orchestrator-silo storage init|check.</summary>
internal static class StorageCommand
{
    public static async Task<int> RunAsync(OrchestratorOptions options, bool isInit)
    {
        var report = await (isInit ? StorageSetup.InitializeAsync(options) : StorageSetup.CheckAsync(options));
        await (report.IsReady ? Console.Out : Console.Error).WriteLineAsync(report.Sentence);
        return report.IsReady ? 0 : 3;
    }
}
