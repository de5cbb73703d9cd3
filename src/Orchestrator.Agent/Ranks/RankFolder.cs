using System.Globalization;
using System.Text.Json;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Watching;

namespace Orchestrator.Agent.Ranks;

/// <summary>The files of one rank. Supervisor and agent speak through them and through nothing else.</summary>
internal sealed class RankFolder(string path)
{
    public string Path => path;

    public string StandardOutput => In("stdout.log");

    public string StandardError => In("stderr.log");

    public string SupervisorLog => In("supervisor.log");

    public string ErrorFile => In("error.json");

    private string Specification => In("spec.json");

    private string Exit => In("exit");

    private string Stop => In("stop");

    private string LeaseExpired => In("lease_expired");

    private string Progress => In("progress.json");

    private string Watched => In("watched.json");

    public static RankFolder Of(StateFolder state, RankKey key) => new(System.IO.Path.Combine(
        state.Ranks,
        key.JobId,
        key.Attempt.ToString(CultureInfo.InvariantCulture),
        key.Rank.ToString(CultureInfo.InvariantCulture)));

    public void WriteSpec(RankSpec spec) => Replace(Specification, JsonSerializer.Serialize(spec));

    /// <summary>Notes what is about to run, and how much its files hold already that is of others.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public SavedProgress WriteBegin(RankSpec spec)
    {
        WriteSpec(spec);
        var begin = SavedProgress.AtLaunch(spec.Progress);
        if (spec.Progress is not null)
            WriteProgress(begin);
        if (spec.Watch is { } watch)
            WriteWatched(WatchMark.AtLaunch(watch, spec.Resume?.Step ?? 0));
        return begin;
    }

    /// <summary>Null where a launch was cut short before the record was written: nothing was started then.</summary>
    public RankSpec? ReadSpec() =>
        Read(Specification) is { } text ? JsonSerializer.Deserialize<RankSpec>(text) : null;

    public void WriteProgress(SavedProgress progress) => Replace(Progress, JsonSerializer.Serialize(progress));

    public SavedProgress ReadProgress() => Read(Progress) is { } text
        ? JsonSerializer.Deserialize<SavedProgress>(text) ?? SavedProgress.None
        : SavedProgress.None;

    public void WriteWatched(WatchMark mark) => Replace(Watched, JsonSerializer.Serialize(mark));

    /// <exception cref="IOException">It is there and cannot be read.</exception>
    public WatchMark ReadWatched() => Read(Watched) is { } text
        && JsonSerializer.Deserialize<WatchMark>(text) is { } mark ? mark : new WatchMark(null, 0);

    /// <summary>The rank's process, once its shell has written it.</summary>
    public RankProcess? ReadProcess() => Read(In("rank.pid")) is { } text ? RankProcess.Parse(text) : null;

    public int? ReadSupervisor() =>
        int.TryParse(Read(In("supervisor.pid")), CultureInfo.InvariantCulture, out var pid) ? pid : null;

    /// <summary>Notes that a stop is about to be sent, so that also the next agent knows why the rank ended.</summary>
    /// <param name="at">When, on the boot clock; an earlier stop that was noted stays.</param>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void MarkStop(TimeSpan at)
    {
        if (!File.Exists(Stop))
            Replace(Stop, BootClock.Format(at));
    }

    /// <summary>Notes, as a supervisor does, that the lease's end ends the rank; false when that is noted.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public bool MarkLeaseExpired()
    {
        if (File.Exists(LeaseExpired))
            return false;
        File.WriteAllText(LeaseExpired, "");
        return true;
    }

    /// <summary>How the rank ended, once its supervisor has written it.</summary>
    public RankOutcome? ReadEnd() =>
        Read(Exit) is { } text && RankOutcome.Parse(text) is { } exit ? EndOf(exit.Status, exit.At) : null;

    /// <summary>Writes the end of a rank whose supervisor did not live to write it.</summary>
    public RankOutcome WriteLostEnd() => WriteEnd(RankOutcome.KilledStatus);

    /// <summary>Writes the end, as of now, of a rank that no supervisor was started for, and why.</summary>
    public void WriteNotStarted(string reason)
    {
        File.AppendAllText(StandardError, reason + "\n");
        WriteEnd(RankOutcome.NotStartedStatus);
    }

    private RankOutcome WriteEnd(int status)
    {
        var now = BootClock.Now;
        var centiseconds = ((long)(now.TotalMilliseconds / 10)).ToString(CultureInfo.InvariantCulture);
        Replace(Exit, $"{status} {centiseconds}\n");
        return EndOf(status, now);
    }

    private RankOutcome EndOf(int status, TimeSpan at)
    {
        var leaseExpired = File.Exists(LeaseExpired);
        var stopped = Read(Stop) is { Length: > 0 } stop && BootClock.Parse(stop) <= at;
        return new RankOutcome(status, at, leaseExpired, stopped || leaseExpired);
    }

    private string In(string name) => System.IO.Path.Combine(path, name);

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Replace(string file, string content)
    {
        File.WriteAllText(file + ".new", content);
        File.Move(file + ".new", file, overwrite: true);
    }
}
