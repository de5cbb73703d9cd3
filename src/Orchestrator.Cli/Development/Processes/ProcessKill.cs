using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development.Processes;

/// <summary>One recorded process, killed.</summary>
/// <param name="At">Wall time just before the kill.</param>
/// <param name="Pid">Whom it hit.</param>
internal sealed record ProcessKill(DateTimeOffset At, int Pid)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public decimal UnixSeconds => UnixTime.Seconds(At);

    /// <summary>Kills this very process and waits until it is gone.</summary>
    /// <exception cref="CliException">It does not run, or does not die.</exception>
    public static async Task<ProcessKill> PerformAsync(
        ProcessIdentity? process, string refusal, TimeProvider time, CancellationToken cancellationToken)
    {
        if (process is null || !ProcessTable.IsRunning(process))
            throw new CliException(ExitCode.Refused, refusal);
        var at = time.GetUtcNow();
        var left = await ProcessEnd.SignalUntilGoneAsync(
            () => ProcessTable.IsRunning(process) ? [process.Pid] : [], Signals.Kill, Patience, time, cancellationToken)
            .ConfigureAwait(false);
        return left.Count == 0 ? new ProcessKill(at, process.Pid) : throw new CliException(
            ExitCode.Failed, $"Process {process.Pid} is still there {Patience.TotalSeconds:0} s after SIGKILL.");
    }
}
