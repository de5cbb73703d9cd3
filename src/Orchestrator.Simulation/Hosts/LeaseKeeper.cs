using Orchestrator.Domain.Leases;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Hosts;

/// <summary>Renews the leases of a host's ranks, and lets them run out where the host is cut off.</summary>
/// <remarks>
/// The real agent asks others every half second. Here it asks when the answers may have changed: what it found holds
/// until something in the network changes, and is found out to be wrong some time later.
/// </remarks>
internal sealed class LeaseKeeper(VirtualWorld world, Host host)
{
    /// <summary>Half a second until it asks, and a second for those that do not answer.</summary>
    private const double LongestAsking = 1.5;

    /// <summary>Supervisors look once a second, and need a moment.</summary>
    private const double LongestLook = 1.2;

    private TimeSpan _provenAt = world.Clock.Passed;
    private bool _isDown;
    private bool _isAsking;

    /// <summary>On the disk: whom to ask, as the control plane said last; null before it did.</summary>
    public IReadOnlyList<string>? Sample { get; set; }

    /// <summary>Up to when it is proven that nobody counts on the end of these leases.</summary>
    public TimeSpan ProvenAt => host.SilentSince is null || _isDown ? world.Clock.Passed : _provenAt;

    /// <summary>The control plane is not heard any more.</summary>
    public void Lose()
    {
        (_provenAt, _isDown) = (Proof, false);
        PlanEnds();
        world.Agenda.In(Isolation.ContactHolds, "contact is old", host.Name, world.Network.Changed);
    }

    /// <summary>A rank starts: perhaps by an order that waited, and then its lease does not count from now.</summary>
    public void Begin()
    {
        if (host.SilentSince is not null && !_isDown)
        {
            PlanEnds();
            PlanAsking();
        }
    }

    /// <summary>Answers may have changed.</summary>
    public void AskAnew()
    {
        if (host.SilentSince is null)
        {
            _isDown = false;
            return;
        }

        if (_isDown)
        {
            (_provenAt, _isDown) = (Proof, false);
            PlanEnds();
        }

        PlanAsking();
    }

    /// <summary>Ends what has no lease any more; also the first thing on a host that goes on after a pause.</summary>
    public void RunOut()
    {
        if (host.IsPaused || world.Bug == PlantedBug.IgnoreLeaseEnd)
        {
            return;
        }

        foreach (var rank in host.Ranks.Where(rank => rank.IsComputing && IsOver(rank)).ToArray())
        {
            host.Kill(rank, Exits.LeaseRanOut);
        }
    }

    private bool MustAsk => host is { SilentSince: not null, CanAnswer: true, Agent.HasContact: false }
        && host.Ranks.Exists(rank => rank.IsComputing);

    /// <summary>What was proven up to now.</summary>
    private TimeSpan Proof =>
        world.Clock.Passed + (world.Bug == PlantedBug.RenewFromNow ? Isolation.ContactHolds : TimeSpan.Zero);

    private void PlanAsking()
    {
        if (!_isAsking && MustAsk)
        {
            _isAsking = true;
            world.Agenda.In(world.Chance.Between(0.01, LongestAsking), "asks others", host.Name, Ask);
        }
    }

    private void Ask()
    {
        _isAsking = false;
        if (!MustAsk)
        {
            return;
        }

        var answers = world.Network.Knock(host);
        _isDown = world.Bug == PlantedBug.TrustOneAnswer
            ? answers.Contains(false)
            : Isolation.IsControlPlaneDown(Sample?.Count, answers);
        if (world.IsTraced)
        {
            world.Note($"{host.Name} asked {Sample?.Count}, {answers.Count} answered, down: {_isDown}");
        }
    }

    private bool IsOver(RankProcess rank) => rank.IsOver || ProvenAt + rank.Lease <= world.Clock.Passed;

    private void PlanEnds()
    {
        foreach (var lease in host.Ranks.Where(rank => rank.IsComputing).Select(rank => rank.Lease).Distinct())
        {
            world.Agenda.In(_provenAt + lease - world.Clock.Passed, "lease runs out", host.Name, () => End(lease));
        }
    }

    private void End(TimeSpan lease)
    {
        if (ProvenAt + lease > world.Clock.Passed)
        {
            return;
        }

        foreach (var rank in host.Ranks.Where(rank => rank is { IsComputing: true, IsOver: false } && IsOver(rank)))
        {
            // Whatever is found out now comes too late for it.
            rank.IsOver = true;
            world.Watch.LeaseRanOut(rank);
        }

        world.Agenda.In(world.Chance.Between(0, LongestLook), "supervisors look", host.Name, RunOut);
    }
}
