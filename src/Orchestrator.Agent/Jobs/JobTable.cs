using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Agent.Host;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Jobs;

/// <summary>The job records, on the disk and in memory.</summary>
internal sealed class JobTable
{
    private readonly StateFolder _state;
    private readonly Lock _writing = new();
    private readonly HashSet<string> _unwritten = [];

    // Read without a lock: lease renewal asks here and must not wait for a disk that syncs.
    private volatile ImmutableDictionary<string, JobRecord> _jobs;

    /// <exception cref="JsonException">A record on the disk is not one.</exception>
    public JobTable(StateFolder state)
    {
        _state = state;
        _jobs = Directory.GetFiles(state.Jobs, "*.json")
            .Select(file => JsonSerializer.Deserialize<JobRecord>(File.ReadAllText(file)))
            .OfType<JobRecord>()
            .ToImmutableDictionary(job => job.JobId);
    }

    public JobRecord Get(string jobId) => _jobs.GetValueOrDefault(jobId) ?? new JobRecord(jobId, 0, 0, 0, 0);

    /// <summary>Changes a record; on return it is on the disk.</summary>
    /// <exception cref="IOException">
    /// The disk does not take it; it is then changed in memory only, and the next change writes it again.
    /// </exception>
    public void Change(string jobId, Func<JobRecord, JobRecord> change)
    {
        lock (_writing)
        {
            var before = Get(jobId);
            var after = change(before);
            if (after == before && !_unwritten.Contains(jobId))
                return;
            _unwritten.Add(jobId);
            try
            {
                DurableFile.Write(Path.Combine(_state.Jobs, jobId + ".json"), JsonSerializer.Serialize(after));
                _unwritten.Remove(jobId);
            }
            finally
            {
                _jobs = _jobs.SetItem(jobId, after);
            }
        }
    }
}
