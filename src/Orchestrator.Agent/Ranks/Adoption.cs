using System.Text.Json;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Leases;

namespace Orchestrator.Agent.Ranks;

/// <summary>Takes over the ranks that an earlier agent of this host started. Runs before anything else does.</summary>
internal sealed class Adoption(
    StateFolder state, HostIdentity host, JobTable jobs, RankTable table, LeaseRenewal leases, ILogger<Adoption> log)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        SupervisorScript.Install(state);
        foreach (var folder in FoldersOf(state.Ranks).SelectMany(FoldersOf).SelectMany(FoldersOf))
            Adopt(new RankFolder(folder));
        // Before the stream, whose opening may take long: the leases may be near their end.
        leases.RenewAll();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Adopt(RankFolder folder)
    {
        if (ReadSpec(folder) is not { } spec || spec.Attempt <= jobs.Get(spec.JobId).ReleasedAttempt)
            return;
        var rank = new TrackedRank(spec, folder, spec.BootId == host.BootId);
        rank.Progress.Restore(folder.ReadProgress());
        // Its record in the Hello tells of the start.
        rank.IsStartTold = true;
        table.Add(rank);
        if (rank.Folder.ReadEnd() is null && rank.HasProcess)
        {
            log.LogInformation("Adopted {Rank}, process {Pid}", spec.Key, rank.Process?.Pid);
            return;
        }

        // Read once more: a supervisor writes the end just before it is gone.
        var end = folder.ReadEnd() ?? folder.WriteLostEnd();
        rank.TryEnd(end);
        rank.Announce();
        log.LogInformation("{Rank} had ended with {End}", spec.Key, end);
    }

    private RankSpec? ReadSpec(RankFolder folder)
    {
        try
        {
            return folder.ReadSpec();
        }
        catch (JsonException exception)
        {
            // Torn by a crash of the whole host: nothing of it can be running.
            log.LogWarning("{Folder} holds no readable record: {Reason}", folder.Path, exception.Message);
            return null;
        }
    }

    private static string[] FoldersOf(string folder) => Directory.GetDirectories(folder);
}
