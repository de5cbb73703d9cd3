using Orchestrator.Agent.Commands;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Training;

/// <summary>Reads checkpoints against their hashes.</summary>
internal sealed class CheckpointReader(TimeProvider time, ILogger<CheckpointReader> log)
{
    private const string Unreadable = "shard_unreadable";

    /// <summary>
    /// What is wrong with a checkpoint, or null. One that is told to be invalid is given up for an older one, so a
    /// hiccup of the store gets time to pass.
    /// </summary>
    public async Task<CheckpointFault?> VerifyAsync(
        string store, StoredCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time);
        for (var reads = 1; ; reads++)
        {
            var fault = await ReadAsync(store, checkpoint, cancellationToken);
            if (fault?.Code != Unreadable || reads == AgentLimits.CheckpointReads)
                return fault;
            log.LogWarning("Checkpoint of {Job} is read again: {Reason}", checkpoint.JobId, fault.Sentence);
            await backoff.WaitAsync(cancellationToken);
        }
    }

    private static async Task<CheckpointFault?> ReadAsync(
        string store, StoredCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await new FolderCheckpointStore(store).VerifyAsync(checkpoint, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckpointFault(Unreadable, $"{store} could not be read: {exception.Message}");
        }
    }
}
