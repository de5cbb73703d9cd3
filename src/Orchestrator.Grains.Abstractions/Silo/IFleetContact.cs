using Orchestrator.Domain.Leases;

namespace Orchestrator.Grains.Silo;

/// <summary>How much of the fleet the whole control plane hears, as far as this silo knows.</summary>
public interface IFleetContact
{
    /// <summary>
    /// For how long without a break enough has been heard to count the silence of one host, see
    /// <see cref="Isolation.FleetHeardFor"/> and <see cref="Isolation.SampleHeardFor"/>.
    /// </summary>
    /// <param name="peers">Whom the host's agent can ask; null when only the fleet matters.</param>
    /// <returns>Null while it is not enough, and on a silo that does not know the fleet yet.</returns>
    TimeSpan? HeardFor(IReadOnlyCollection<string>? peers);

    /// <summary>Whom the agent of a node is told to ask.</summary>
    /// <param name="node">The node.</param>
    /// <returns>Null when this silo does not know the fleet yet.</returns>
    IReadOnlyList<string>? SampleFor(string node);
}
