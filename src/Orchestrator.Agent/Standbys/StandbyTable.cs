using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Standbys;

/// <summary>Every standby of the host, from before its start until it is gone or has become a rank.</summary>
internal sealed class StandbyTable(StateFolder state, RankTable ranks)
{
    private readonly Lock _gate = new();
    private readonly List<Standby> _standbys = [];

    public IReadOnlyList<Standby> All
    {
        get
        {
            lock (_gate)
                return [.. _standbys];
        }
    }

    public IReadOnlyList<Standby> OfJob(string jobId) => [.. All.Where(standby => standby.JobId == jobId)];

    public void Add(Standby standby)
    {
        lock (_gate)
            _standbys.Add(standby);
    }

    /// <summary>False when it was removed before.</summary>
    public bool Remove(Standby standby)
    {
        lock (_gate)
            return _standbys.Remove(standby);
    }

    /// <summary>A standby that is ready and was started as the plan says, for one caller alone.</summary>
    /// <remarks>It stays in the table until it is a rank.</remarks>
    /// <exception cref="IOException">What became of a standby cannot be read.</exception>
    public Standby? Take(string jobId, StandbyPlan plan)
    {
        lock (_gate)
        {
            var taken = _standbys.Find(standby => standby.JobId == jobId && standby.Fate == StandbyFate.Open
                && standby.Plan.IsSameAs(plan) && standby.IsReady);
            taken?.Fate = StandbyFate.Taken;
            return taken;
        }
    }

    /// <summary>Lets go of a standby; false when its fate was another than the caller knew.</summary>
    public bool TryLetGo(Standby standby, StandbyFate known)
    {
        lock (_gate)
        {
            if (standby.Fate != known)
                return false;
            standby.Fate = StandbyFate.Ending;
            return true;
        }
    }

    /// <summary>True when the folder is the one in which a process of the job was started as a standby.</summary>
    public bool IsOfJob(string jobId, string folder) => Path.GetDirectoryName(folder) == FolderOf(jobId);

    /// <summary>
    /// The attempt to which a process belongs that was started as a standby in a folder: null while it waits, 0 when
    /// nobody knows it.
    /// </summary>
    public uint? AttemptOf(string jobId, string folder)
    {
        // In this order: a standby is in the table of ranks before it leaves this one.
        return All.Any(standby => standby.Folder.Path == folder)
            ? null
            : ranks.OfJob(jobId).FirstOrDefault(rank => rank.Spec.StartedIn == folder)?.Key.Attempt ?? 0;
    }

    public string FolderOf(string jobId) => Path.Combine(state.Standbys, jobId);
}
