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

    /// <summary>Moves the deadline to now plus the lease.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Renew(string jobId, TimeSpan lease)
    {
        var path = PathOf(jobId);
        // A launch writes the first lease while the renewal may still be at work for the same job.
        lock (_gate)
        {
            File.WriteAllText(path + ".new", BootClock.Format(BootClock.Now + lease) + "\n");
            File.Move(path + ".new", path, overwrite: true);
        }
    }

    public void Drop(string jobId) => File.Delete(PathOf(jobId));
}
