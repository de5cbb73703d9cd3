using System.ComponentModel;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Leases;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Ranks;

/// <summary>Starts ranks under their supervisors.</summary>
internal sealed class RankLauncher(
    StateFolder state, RankEnvironment environment, LeaseFiles leases, RankTable table, TimeProvider time)
{
    private const string Shell = "/bin/sh";
    private static readonly TimeSpan StartPoll = TimeSpan.FromMilliseconds(1);

    /// <summary>Starts one rank and waits until its process exists.</summary>
    /// <returns>The rank, running or ended already.</returns>
    /// <exception cref="IOException">The rank's folder cannot be written.</exception>
    /// <exception cref="Win32Exception">The kernel refused to start the supervisor.</exception>
    /// <exception cref="TimeoutException">The supervisor did not start the rank in time.</exception>
    public async Task<TrackedRank> StartAsync(
        RankSpec spec, RankSlot slot, Launch launch, CancellationToken cancellationToken)
    {
        var folder = RankFolder.Of(state, spec.Key);
        Directory.CreateDirectory(folder.Path);
        folder.WriteSpec(spec);
        string[] arguments =
        [
            Shell, state.SupervisorScript, folder.Path, leases.PathOf(spec.JobId), state.Notices,
            launch.WorkingDirectory, .. launch.Command,
        ];
        var rank = new TrackedRank(spec, folder, isOfThisBoot: true);
        var supervisor = NativeSpawn.Start(
            arguments, environment.For(spec, slot, launch, folder), folder.SupervisorLog);
        table.Add(rank);
        await WaitForProcessAsync(rank, supervisor, cancellationToken);
        return rank;
    }

    // A start takes a few milliseconds: looking every millisecond is simpler than a watcher and as fast.
    private async Task WaitForProcessAsync(TrackedRank rank, int supervisor, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            if (rank.Process is not null || rank.Folder.ReadEnd() is not null)
                return;
            if (time.GetElapsedTime(begun) > AgentLimits.RankStart)
            {
                NativeProcess.SignalGroup(supervisor, NativeProcess.SignalKill);
                throw new TimeoutException(
                    $"The supervisor of {rank.Key} did not start it within {AgentLimits.RankStart.TotalSeconds:F0} s;"
                    + $" see {rank.Folder.SupervisorLog}.");
            }

            await Task.Delay(StartPoll, time, cancellationToken);
        }
    }
}
