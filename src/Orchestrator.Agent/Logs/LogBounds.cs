namespace Orchestrator.Agent.Logs;

/// <summary>How much of the ranks' logs a host keeps.</summary>
/// <param name="BytesPerJob">
/// Bytes of one job's logs. Default 1 GiB. What is written between two looks, ten seconds apart, comes on top.
/// </param>
/// <param name="AgeOfEnded">
/// How long the logs of a job are kept after its last rank on this host has ended. Default 7 days.
/// </param>
internal sealed record LogBounds(long BytesPerJob, TimeSpan AgeOfEnded)
{
    public static LogBounds Default { get; } = new(1024L * 1024 * 1024, TimeSpan.FromDays(7));
}
