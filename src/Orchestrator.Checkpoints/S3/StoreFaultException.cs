namespace Orchestrator.Checkpoints.S3;

/// <summary>Carries a fault out of parallel work; never leaves this folder.</summary>
internal sealed class StoreFaultException : Exception
{
    public StoreFaultException(string code, string sentence, Exception? inner = null)
        : base(sentence, inner) => Fault = new CheckpointFault(code, sentence);

    public CheckpointFault Fault { get; }

    /// <summary>Runs work that may end with a fault.</summary>
    /// <param name="work">The work.</param>
    /// <param name="localCode">The code for what goes wrong on this host's disk.</param>
    public static async Task<CheckpointFault?> CatchAsync(Func<Task> work, string localCode = "shard_unreadable")
    {
        try
        {
            await work();
            return null;
        }
        catch (StoreFaultException exception)
        {
            return exception.Fault;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckpointFault(localCode, exception.Message);
        }
    }
}
