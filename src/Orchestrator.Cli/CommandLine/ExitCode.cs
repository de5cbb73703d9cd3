namespace Orchestrator.Cli.CommandLine;

/// <summary>Exit codes of <c>orch</c>; scripts build on them, so they never change their meaning.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int JobEndedBadly = 1;

    /// <summary>The same as of a job: what was asked for is known, and it is not good.</summary>
    public const int CheckpointDiffers = 1;

    public const int BadUsage = 2;
    public const int NotFound = 3;
    public const int Refused = 4;
    public const int Unreachable = 5;
    public const int Failed = 6;

    /// <summary>What shells report for a program that SIGINT ended: 128 + 2.</summary>
    public const int Interrupted = 130;
}
