using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;

namespace Orchestrator.Agent.Leases;

/// <summary>
/// One file per job with the moment at which its ranks must end, on the boot clock. Supervisors read it; the folder
/// is as volatile as the host's memory.
/// </summary>
internal sealed class LeaseFiles(AgentOptions options)
{
    private readonly Lock _gate = new();

    public string PathOf(string jobId) => Path.Combine(options.MemoryFolder, jobId + ".lease");

    /// <summary>Begins a lease, whatever became of an earlier one.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Begin(string jobId, TimeSpan deadline)
    {
        lock (_gate)
            Write(jobId, deadline);
    }

    /// <summary>Moves the deadline to a lease after the proof, unless it has passed, or is later already.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="lease">How long the lease lasts.</param>
    /// <param name="provenAt">From when it counts; null to look at it only.</param>
    /// <returns>False when the lease ran out: its ranks are over, and nobody may bring them back.</returns>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public bool TryRenew(string jobId, TimeSpan lease, TimeSpan? provenAt)
    {
        // A launch begins a lease while the renewal may still be at work for the same job.
        lock (_gate)
        {
            // An agent that is stopped after this question writes a deadline that has passed by then, too.
            var deadline = Deadline(jobId);
            if (deadline < BootClock.Now)
                return false;
            if (provenAt + lease is { } renewed && !(deadline >= renewed))
                Write(jobId, renewed);
            return true;
        }
    }

    /// <summary>The job's lease ran out, so that its ranks here are over even where they have not ended yet.</summary>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    public bool HasLapsed(string jobId) => Deadline(jobId) < BootClock.Now;

    public void Drop(string jobId) => File.Delete(PathOf(jobId));

    // Null, which is never past, where the file is not there: its supervisors know what that means.
    private TimeSpan? Deadline(string jobId)
    {
        try
        {
            return BootClock.TryParse(File.ReadAllText(PathOf(jobId)).AsSpan().Trim());
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Write(string jobId, TimeSpan deadline)
    {
        var path = PathOf(jobId);
        File.WriteAllText(path + ".new", BootClock.Format(deadline) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }
}
