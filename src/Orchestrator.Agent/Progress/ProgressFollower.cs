using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Progress;

/// <summary>Looks about once a second at what every running rank wrote whose script does not report.</summary>
internal sealed class ProgressFollower(RankTable table, ProgressLook look, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            foreach (var rank in table.Running)
                look.At(rank);
            await Task.Delay(AgentLimits.ProgressLook, time, stoppingToken);
        }
    }
}
