using System.ComponentModel;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Leases;
using Orchestrator.Agent.Progress;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Ranks;

/// <summary>Starts ranks under their supervisors.</summary>
internal sealed class RankLauncher(
    StateFolder state, RankEnvironment environment, LeaseFiles leases, RankTable table, TimeProvider time)
{
    private const string Shell = "/bin/sh";
    private const int TooLong = 7; // E2BIG
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
        // Before the rank can write: what its files hold by now is of others.
        var begin = SavedProgress.AtLaunch(spec.Progress);
        if (spec.Progress is not null)
            folder.WriteProgress(begin);
        string[] arguments =
        [
            Shell, state.SupervisorScript, folder.Path, leases.PathOf(spec.JobId), state.Notices,
            launch.WorkingDirectory, .. launch.Command,
        ];
        var supervisor = Spawn(arguments, environment.For(spec, slot, launch, folder), folder);
        var rank = new TrackedRank(spec, folder, isOfThisBoot: true) { Supervisor = supervisor };
        rank.Restore(begin);
        table.Add(rank);
        await WaitForProcessAsync(rank, cancellationToken);
        return rank;
    }

    // Null when the job asks for more than the kernel gives to any process. That is the job's fault and not the
    // host's, and so looks like every other command that cannot be run.
    private static int? Spawn(string[] arguments, Dictionary<string, string> variables, RankFolder folder)
    {
        try
        {
            return NativeSpawn.Start(arguments, variables, folder.SupervisorLog);
        }
        catch (Win32Exception exception) when (exception.NativeErrorCode == TooLong)
        {
            folder.WriteNotStarted($"The command and its environment are too long: {exception.Message}");
            return null;
        }
    }

    // A start takes a few milliseconds: looking every millisecond is simpler than a watcher and as fast.
    private async Task WaitForProcessAsync(TrackedRank rank, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            if (rank.Process is not null || rank.Folder.ReadEnd() is not null)
                return;
            // The supervisor stays: without it, a rank that starts late would have nobody to end it with its lease.
            if (time.GetElapsedTime(begun) > AgentLimits.RankStart)
            {
                throw new TimeoutException(
                    $"The supervisor of {rank.Key} did not start it within {AgentLimits.RankStart.TotalSeconds:F0} s;"
                    + $" see {rank.Folder.SupervisorLog}.");
            }

            await Task.Delay(StartPoll, time, cancellationToken);
        }
    }
}
