namespace Orchestrator.Domain.Jobs;

/// <summary>Who tells how far a rank is.</summary>
public enum ProgressSource
{
    /// <summary>The script itself, through the client library.</summary>
    Client,

    /// <summary>What each rank writes to stdout and stderr.</summary>
    Log,

    /// <summary>A file that the ranks write.</summary>
    File,
}
