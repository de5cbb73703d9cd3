using System.Globalization;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Ranks;

/// <summary>How and when a rank's process ended.</summary>
/// <param name="Status">The shell's status: an exit code, or 128 plus the number of the signal.</param>
/// <param name="At">When, on the boot clock.</param>
/// <param name="LeaseExpired">The supervisor ended it because its lease ran out.</param>
/// <param name="WasStopped">The control plane's stop, or the lease's end, ended it.</param>
internal sealed record RankOutcome(int Status, TimeSpan At, bool LeaseExpired, bool WasStopped)
{
    /// <summary>Status of a process of which nothing is left but its record.</summary>
    public const int KilledStatus = FirstSignalStatus + NativeProcess.SignalKill;

    /// <summary>Status that shells give to a command that cannot be run.</summary>
    public const int NotStartedStatus = 126;

    private const int FirstSignalStatus = 128;
    private const int HighestSignal = 64;

    /// <summary>The signal, or 0. A code such as 255 lies above every signal and stays a code.</summary>
    public int Signal => Status is > FirstSignalStatus and <= FirstSignalStatus + HighestSignal
        ? Status - FirstSignalStatus
        : 0;

    /// <summary>The exit code; 0 when a signal ended the process.</summary>
    public int Code => Signal == 0 ? Status : 0;

    /// <summary>Reads "STATUS CENTISECONDS" as the supervisor writes it; null when it is something else.</summary>
    public static (int Status, TimeSpan At)? Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.TrimEntries);
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var centiseconds)
            ? (status, TimeSpan.FromMilliseconds(centiseconds * 10))
            : null;
    }

    public override string ToString() => Signal != 0 ? $"signal {Signal}" : $"code {Code}";
}
