using System.ComponentModel;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Logs;

/// <summary>Keeps the logs of ranks within bounds: old jobs go, then old attempts, then the oldest output.</summary>
/// <remarks>
/// A rank appends to its log by itself, and nothing may stand between the two: neither a pipe that could fill nor a
/// moment in which what it writes goes nowhere. So the front of a live log is freed in place.
/// </remarks>
internal sealed class LogRetention(
    StateFolder state, AgentOptions options, RankTable table, TimeProvider time, ILogger<LogRetention> log)
    : BackgroundService
{
    private bool _cannotFree;

    /// <summary>Looks at every job once.</summary>
    public void Look()
    {
        foreach (var job in Directory.GetDirectories(state.Ranks))
        {
            try
            {
                Bound(job);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody deletes what is looked at, or the disk fails for a moment: there is a next look.
                log.LogWarning("The logs in {Folder} could not be bounded: {Reason}", job, exception.Message);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(AgentLimits.LogLook, time, stoppingToken);
            Look();
        }
    }

    private void Bound(string folder)
    {
        var job = Path.GetFileName(folder);
        if (table.OfJob(job).Count == 0 && AgeOf(folder) is var age && age > options.Logs.AgeOfEnded)
        {
            Directory.Delete(folder, recursive: true);
            log.LogInformation("Deleted the logs of {Job}, which ended {Days:F1} days ago", job, age.TotalDays);
            return;
        }

        var attempts = AttemptLogs.OfJob(folder);
        var bytes = attempts.Sum(attempt => attempt.Bytes);
        foreach (var attempt in attempts.SkipLast(1).Where(attempt => bytes > options.Logs.BytesPerJob))
        {
            if (table.OfJob(job).Any(rank => rank.IsRunning && rank.Key.Attempt == attempt.Attempt))
                continue;
            Directory.Delete(attempt.Folder, recursive: true);
            bytes -= attempt.Bytes;
            log.LogInformation(
                "Deleted the logs of attempt {Attempt} of {Job}: {Bytes} bytes", attempt.Attempt, job, attempt.Bytes);
        }

        if (bytes > options.Logs.BytesPerJob && !_cannotFree)
            FreeOldest(job, [.. attempts.Where(attempt => Directory.Exists(attempt.Folder))]);
    }

    private void FreeOldest(string job, IReadOnlyList<AttemptLogs> attempts)
    {
        var files = attempts.SelectMany(attempt => attempt.Files).ToArray();
        var shares = LogShares.Of(
            [.. files.Select(file => file.Bytes)], options.Logs.BytesPerJob, AgentLimits.LeastLogBytes);
        foreach (var ((path, bytes), share) in files.Zip(shares).Where(file => file.First.Bytes > file.Second))
        {
            try
            {
                AttemptLogs.KeepEnd(path, share);
                log.LogInformation("Freed the oldest {Bytes} bytes of {Path} of {Job}", bytes - share, path, job);
            }
            catch (Win32Exception exception)
            {
                // Said once: it is the same for every file of this disk, and the agent cannot help it.
                _cannotFree = true;
                log.LogError("Logs of running jobs are not bounded here: {Reason}", exception.Message);
                return;
            }
        }
    }

    // The only clock that says when a file was written is the wall clock; where it jumps, a log goes early or late.
    private TimeSpan AgeOf(string folder)
    {
        var newest = Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Append(folder).Max(File.GetLastWriteTimeUtc);
        return time.GetUtcNow() - newest;
    }
}
