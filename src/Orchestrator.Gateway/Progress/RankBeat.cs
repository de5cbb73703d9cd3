namespace Orchestrator.Gateway.Progress;

/// <summary>What a heartbeat tells of one rank.</summary>
/// <param name="Step">Highest step finished.</param>
/// <param name="FinishedAt">When it was finished, on the control plane's clock.</param>
/// <param name="Phase">The phase that the script named; empty without one.</param>
internal readonly record struct RankBeat(long Step, DateTimeOffset FinishedAt, string Phase);
