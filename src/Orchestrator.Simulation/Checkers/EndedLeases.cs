using Orchestrator.Domain;
using Orchestrator.Domain.Leases;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>
/// Ranks end with their lease on a host that is cut off, and go on everywhere else: also where the control plane is
/// down for all that the host can ask.
/// </summary>
internal sealed class EndedLeases(VirtualWorld world) : Checker(world)
{
    /// <summary>In this time an agent has asked the others, and has waited for those that do not answer.</summary>
    private static readonly TimeSpan Asking = TimeSpan.FromSeconds(1.5);

    private readonly Dictionary<Host, (Standing Standing, TimeSpan Since)> _standings = [];
    private TimeSpan _nextDue;

    private enum Standing
    {
        Heard,
        ControlPlaneDown,
        CutOff,
    }

    public override void NetworkChanged()
    {
        foreach (var host in World.Hosts)
        {
            var standing = Of(host);
            if (!_standings.TryGetValue(host, out var known) || known.Standing != standing)
            {
                _standings[host] = (standing, World.Clock.Passed);
            }
        }

        _nextDue = default;
    }

    public override void RankStarted(RankProcess rank) => _nextDue = default;

    public override void LeaseRanOut(RankProcess rank)
    {
        var (standing, since) = _standings.GetValueOrDefault(rank.Host);
        // Nobody asks while nothing runs.
        var asksSince = since > rank.StartedAt ? since : rank.StartedAt;
        if (standing == Standing.ControlPlaneDown && World.Clock.Passed - asksSince >= Asking)
        {
            Fail($"The lease of {rank.Job} ran out on {rank.Host.Name} although the control plane was down for all.");
        }
    }

    public override void EventEnded()
    {
        var now = World.Clock.Passed;
        if (now < _nextDue)
        {
            return;
        }

        _nextDue = TimeSpan.MaxValue;
        foreach (var (host, (standing, since)) in _standings)
        {
            foreach (var rank in host.Ranks)
            {
                if (standing == Standing.CutOff && rank.IsComputing && !host.IsPaused)
                {
                    var end = since + rank.Lease;
                    Check(rank, (end > rank.StartedAt ? end : rank.StartedAt) + Timings.LeaseGrace, now);
                }
            }
        }
    }

    private void Check(RankProcess rank, TimeSpan end, TimeSpan now)
    {
        if (now > end)
        {
            Fail($"{rank.Job}, attempt {rank.Attempt}, rank {rank.Rank} computes on {rank.Host.Name}, cut off, "
                + $"{(now - end).TotalSeconds:0.0} s after the end of its lease and the grace.");
        }

        _nextDue = _nextDue < end ? _nextDue : end;
    }

    /// <summary>As it truly is, whatever the host believes.</summary>
    private Standing Of(Host host) => host switch
    {
        { SilentSince: null } => Standing.Heard,
        { CanAnswer: true, Agent.HasContact: false }
            when Isolation.IsControlPlaneDown(host.Leases.Sample?.Count, World.Network.Knock(host)) =>
            Standing.ControlPlaneDown,
        _ => Standing.CutOff,
    };
}
