using System.Globalization;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Ranks;

/// <summary>A process that no later one can be mistaken for within the same boot.</summary>
/// <param name="Pid">Process id; also the id of the rank's process group.</param>
/// <param name="StartTicks">Start time in clock ticks since boot.</param>
internal sealed record RankProcess(int Pid, long StartTicks)
{
    public bool IsAlive => ProcessTable.IsAlive(Pid, StartTicks);

    /// <summary>Reads "PID", newline, the line of /proc/PID/stat, newline; null while it is not complete.</summary>
    public static RankProcess? Parse(string text)
    {
        var lines = text.Split('\n');
        return lines.Length >= 3
            && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && ProcessTable.StartTicksOf(lines[1]) is { } ticks
            ? new RankProcess(pid, ticks)
            : null;
    }
}
