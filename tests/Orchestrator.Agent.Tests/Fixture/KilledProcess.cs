using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Tests.Fixture;

internal static class KilledProcess
{
    /// <summary>Waits for its end: a killed process takes a turn on a processor, of which no event tells.</summary>
    public static async Task GoneAsync(int pid)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (ProcessTable.StartTicks(pid) is not null)
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(
                Journal<string>.Patience, $"process {pid} was killed and is not gone");
            await Task.Yield();
        }
    }
}
