using System.Text;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Standbys;

/// <summary>What a standby is to become.</summary>
internal enum StandbyFate
{
    /// <summary>It waits.</summary>
    Open,

    /// <summary>A launch makes it a rank.</summary>
    Taken,

    /// <summary>It was let go and will be gone soon.</summary>
    Ending,
}

/// <summary>A process of a job that was started ahead and waits to be told which rank it is.</summary>
/// <param name="jobId">The job.</param>
/// <param name="folder">Its folder, of a name that no other process of this boot ever had.</param>
/// <param name="plan">What it was started with.</param>
internal sealed class Standby(string jobId, RankFolder folder, StandbyPlan plan) : IDisposable
{
    private const string PipeName = "standby.fifo";
    private const string ReadyName = "standby.ready";
    private readonly FileStream _calls = NamedPipe.Create(Path.Combine(folder.Path, PipeName));

    public string JobId => jobId;

    public RankFolder Folder => folder;

    public StandbyPlan Plan => plan;

    /// <summary>Process id of its supervisor, a child of this agent; null until it is started.</summary>
    public int? Supervisor { get; set; }

    /// <summary>Monotonic timestamp of its start.</summary>
    public required long StartedAt { get; init; }

    /// <summary>Everything is imported, and it waits.</summary>
    public bool IsReady => File.Exists(ReadyFile) && folder.ReadProcess() is { IsAlive: true };

    /// <summary>The log has told that it is ready.</summary>
    public bool IsReadinessTold { get; set; }

    /// <summary>What it is to become; guarded by the table.</summary>
    public StandbyFate Fate { get; set; }

    public string ReadyFile => Path.Combine(folder.Path, ReadyName);

    public override string ToString() => $"standby {Path.GetFileName(folder.Path)} of {jobId}";

    /// <summary>Tells it where to read which rank it is.</summary>
    /// <exception cref="IOException">It cannot be told.</exception>
    public void Call(string file)
    {
        // One write, shorter than what the kernel never splits: it hears the whole path or nothing.
        _calls.Write(Encoding.UTF8.GetBytes(file + "\n"));
    }

    /// <summary>Closes the pipe: a standby that was not called ends itself.</summary>
    public void Dispose() => _calls.Dispose();
}
