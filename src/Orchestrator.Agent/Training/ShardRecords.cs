using Google.Protobuf;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Control;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Training;

/// <summary>
/// Remembers the newest sealed shard of each rank on the disk: its script was told that it is stored, so a restart of
/// the agent must not keep the control plane from hearing of it.
/// </summary>
internal sealed class ShardRecords(
    RankTable table, JobTable jobs, ShardShelf shelf, Outbox outbox, ILogger<ShardRecords> log) : IHostedService
{
    private const string FileName = "shard.json";

    /// <exception cref="IOException">The record cannot be written.</exception>
    public static void Write(TrackedRank rank, ShardStored stored) =>
        DurableFile.Write(PathOf(rank), JsonFormatter.Default.Format(stored));

    /// <summary>Tells the control plane again, which takes a shard that it knows for a repeat.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var rank in table.All.Where(rank => rank.Key.Attempt == jobs.Get(rank.Key.JobId).LaunchedAttempt))
        {
            if (Read(rank) is { } stored)
                outbox.Append(new AgentEvent { ShardStored = stored });
        }

        shelf.TellAll();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private ShardStored? Read(TrackedRank rank)
    {
        if (!File.Exists(PathOf(rank)))
            return null;
        try
        {
            return JsonParser.Default.Parse<ShardStored>(File.ReadAllText(PathOf(rank)));
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException
            or IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The shard record of {Rank} is unreadable: {Reason}", rank.Key, exception.Message);
            return null;
        }
    }

    private static string PathOf(TrackedRank rank) => Path.Combine(rank.Folder.Path, FileName);
}
