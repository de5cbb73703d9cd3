using System.Text.Json;
using Orchestrator.Agent.Host;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Jobs;

/// <summary>The job records, on the disk and in memory.</summary>
internal sealed class JobTable
{
    private readonly StateFolder _state;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JobRecord> _jobs = [];

    /// <exception cref="JsonException">A record on the disk is not one.</exception>
    public JobTable(StateFolder state)
    {
        _state = state;
        foreach (var file in Directory.GetFiles(state.Jobs, "*.json"))
        {
            if (JsonSerializer.Deserialize<JobRecord>(File.ReadAllText(file)) is { } job)
                _jobs[job.JobId] = job;
        }
    }

    public JobRecord Get(string jobId)
    {
        lock (_gate)
            return _jobs.GetValueOrDefault(jobId) ?? new JobRecord(jobId, 0, 0, 0, 0);
    }

    /// <summary>Changes a record; on return it is on the disk.</summary>
    /// <exception cref="IOException">The disk does not take it; it is then changed in memory only.</exception>
    public void Change(string jobId, Func<JobRecord, JobRecord> change)
    {
        lock (_gate)
        {
            var before = Get(jobId);
            var after = change(before);
            if (after == before)
                return;
            _jobs[jobId] = after;
            DurableFile.Write(Path.Combine(_state.Jobs, jobId + ".json"), JsonSerializer.Serialize(after));
        }
    }
}
