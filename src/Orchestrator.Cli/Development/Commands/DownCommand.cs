using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev down</c></summary>
internal sealed class DownCommand : DevCommand
{
    private readonly Option<bool> _deleteData = new("--delete-data")
    {
        Description = "Also delete what the cluster has stored: jobs, incidents, logs, checkpoints in memory.",
    };

    public DownCommand(CommandFrame frame)
        : base("down", "Stop everything of the cluster: SIGTERM, then SIGKILL. Its data stay.", frame,
            "dev down", "dev down --delete-data") =>
        Add(_deleteData);

    protected override async Task<int> RunAsync(
        CommandContext context, DataFolder data, CancellationToken cancellationToken)
    {
        if (ClusterFile.TryRead(data) is null)
        {
            Show(context, data, 0, $"There is no development cluster in {data.Root}.");
            return ExitCode.Ok;
        }

        var count = await ClusterStop.PerformAsync(data, context.Environment.Time, cancellationToken)
            .ConfigureAwait(false);
        var isDeleting = context.Parsed.GetValue(_deleteData);
        if (isDeleting)
            Delete(data);
        var fate = isDeleting ? "and its data are gone" : $"its data stay in {data.Root}";
        Show(context, data, count, $"The cluster is down: {count} processes ended, {fate}.");
        return ExitCode.Ok;
    }

    private static void Show(CommandContext context, DataFolder data, int count, string sentence)
    {
        context.Say(sentence);
        if (context.IsJson)
            context.Json.Write(new JsonObject { ["dataFolder"] = data.Root, ["endedProcesses"] = count });
    }

    /// <summary>Deletes only what `dev up` made: the folder may be anyone's.</summary>
    private static void Delete(DataFolder data)
    {
        foreach (var folder in new[] { data.Silo, data.Hosts }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        File.Delete(data.ClusterFile);
        File.Delete(data.LockFile);
        if (!Directory.EnumerateFileSystemEntries(data.Root).Any())
            Directory.Delete(data.Root);
    }
}
