using Orchestrator.Domain;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>
/// Two attempts of a job never compute at once: not at all on hosts that are heard, and on others no longer than their
/// lease and its grace.
/// </summary>
internal sealed class OneAttempt(VirtualWorld world) : Checker(world)
{
    /// <summary>A host that came back with old ranks has to be told to end them; streams may break meanwhile.</summary>
    private static readonly TimeSpan RemainsBound = TimeSpan.FromSeconds(30);

    private readonly List<RankProcess> _computing = [];
    private readonly Dictionary<RankProcess, TimeSpan> _heardSince = [];
    private bool _isOverlapping;

    public override void RankStarted(RankProcess rank)
    {
        _computing.RemoveAll(other => !other.IsComputing);
        _computing.Add(rank);
        _isOverlapping |= _computing.Exists(other => other.Job == rank.Job && other.Attempt != rank.Attempt);
    }

    public override void EventEnded()
    {
        if (!_isOverlapping)
        {
            return;
        }

        _computing.RemoveAll(rank => !rank.IsComputing);
        _isOverlapping = false;
        foreach (var rank in _computing)
        {
            if (_computing.Exists(other => other.Job == rank.Job && other.Attempt > rank.Attempt))
            {
                _isOverlapping = true;
                Check(rank);
            }
        }
    }

    private void Check(RankProcess old)
    {
        var host = old.Host;
        var now = World.Clock.Passed;
        if (host.IsPaused)
        {
            return;
        }

        if (host.SilentSince is { } since)
        {
            _heardSince.Remove(old);
            if (now - since > old.Lease + Timings.LeaseGrace)
            {
                Fail($"{Describe(old)} computes {(now - since).TotalSeconds:0} s after {host.Name} was last heard.");
            }

            return;
        }

        var node = World.Nodes.Find(host.Name);
        var isClean = node is { IsConnected: true } && node.SessionNumber == host.Stream?.Session
            && !node.Remains.Any(remains => remains.Job == old.Job);
        var heardSince = _heardSince.TryGetValue(old, out var known) ? known : _heardSince[old] = now;
        if (isClean || now - heardSince > RemainsBound)
        {
            Fail($"{Describe(old)} computes on {host.Name}, which is heard, beside a newer attempt.");
        }
    }

    private static string Describe(RankProcess rank) => $"{rank.Job}, attempt {rank.Attempt}, rank {rank.Rank}";
}
