using System.Text.Json;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Leases;
using Orchestrator.Agent.Progress;

namespace Orchestrator.Agent.Ranks;

/// <summary>Takes over the ranks that an earlier agent of this host started. Runs before anything else does.</summary>
internal sealed class Adoption(
    StateFolder state,
    HostIdentity host,
    JobTable jobs,
    RankTable table,
    LeaseRenewal leases,
    ProgressLook progress,
    ILogger<Adoption> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in FoldersOf(state.Ranks).SelectMany(FoldersOf).SelectMany(FoldersOf))
            TryAdopt(new RankFolder(folder));
        // Before anything that can fail or take long: the leases may be near their end.
        leases.RenewAll();
        InstallScript();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void InstallScript()
    {
        try
        {
            SupervisorScript.Install(state);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Each launch tries again and is refused while this fails; running ranks need no script.
            log.LogError("The supervisor's script could not be installed: {Reason}", exception.Message);
        }
    }

    private void TryAdopt(RankFolder folder)
    {
        try
        {
            Adopt(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A rank whose record was read is in the table by now, and the exit watch finds out what became of it.
            log.LogError("{Folder} could not be read whole: {Reason}", folder.Path, exception.Message);
        }
    }

    private void Adopt(RankFolder folder)
    {
        if (ReadSpec(folder) is not { } spec || spec.Attempt <= jobs.Get(spec.JobId).ReleasedAttempt)
            return;
        // Its record in the Hello tells of the start.
        var rank = new TrackedRank(spec, folder, spec.BootId == host.BootId) { IsStartTold = true };
        table.Add(rank);
        rank.Restore(ReadProgress(folder));
        if (rank.Folder.ReadEnd() is null && rank.HasProcess)
        {
            log.LogInformation("Adopted {Rank}, process {Pid}", spec.Key, rank.Process?.Pid);
            return;
        }

        // Read once more: a supervisor writes the end just before it is gone.
        var end = folder.ReadEnd() ?? folder.WriteLostEnd();
        progress.At(rank, isLast: true);
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

    private SavedProgress ReadProgress(RankFolder folder)
    {
        try
        {
            return folder.ReadProgress();
        }
        catch (JsonException exception)
        {
            // Torn as well; a running rank repeats its progress with the next report.
            log.LogWarning("{Folder} holds no readable progress: {Reason}", folder.Path, exception.Message);
            return SavedProgress.None;
        }
    }

    private static string[] FoldersOf(string folder) => Directory.GetDirectories(folder);
}
