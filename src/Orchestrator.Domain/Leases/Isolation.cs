namespace Orchestrator.Domain.Leases;

/// <summary>Tells a control plane that is down from a host that is cut off, by what other agents answer.</summary>
/// <remarks>
/// The two call for opposite things: training outlives a control plane that is down, however long; but the ranks of a
/// host that is cut off must end with their lease, because the control plane counts on it and starts them elsewhere.
/// </remarks>
public static class Isolation
{
    /// <summary>How many other agents are asked.</summary>
    public const int SampleSize = 5;

    /// <summary>
    /// An agent is in contact for this long after an answer of the control plane: two heartbeats, and a little more,
    /// because one answer may be late.
    /// </summary>
    public static readonly TimeSpan ContactHolds = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// The control plane hears an agent for this long after a heartbeat, where it counts whom a silent host can ask:
    /// shorter than <see cref="ContactHolds"/>, so that nobody is counted as heard who says that it is not.
    /// </summary>
    public static readonly TimeSpan HeartbeatHolds = TimeSpan.FromSeconds(2);

    /// <summary>Whether the silence is the control plane's.</summary>
    /// <param name="sample">
    /// How many other agents could be asked, as the control plane said; null when it never said so.
    /// </param>
    /// <param name="contacts">Of each that answered: whether it is in contact with the control plane.</param>
    /// <returns>
    /// True when a majority of the sample was reached, the asking agent counted, and none of them is in contact.
    /// Otherwise the asking host must take itself for cut off: also where it does not know whom to ask, because others
    /// may be there all the same.
    /// </returns>
    public static bool IsControlPlaneDown(int? sample, IReadOnlyCollection<bool> contacts)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        return 2 * (contacts.Count + 1) > sample + 1 && !contacts.Contains(true);
    }

    /// <summary>
    /// For how long the control plane has heard enough of the fleet to count the silence of one host. A mass silence is
    /// more likely its own: then nobody is called lost for being silent.
    /// </summary>
    /// <param name="fleet">Of each node that should be heard: for how long it is; null where it is not.</param>
    /// <returns>Null while fewer than one half are heard.</returns>
    public static TimeSpan? FleetHeardFor(IEnumerable<TimeSpan?> fleet)
    {
        TimeSpan?[] all = [.. fleet];
        return HeardFor(all, (all.Length + 1) / 2);
    }

    /// <summary>
    /// For how long the control plane has heard so much of a host's sample that the host cannot take it for down: the
    /// exact opposite of <see cref="IsControlPlaneDown"/>, so that of control plane and host never both go on.
    /// </summary>
    /// <param name="sample">Of each other that the host asks: for how long it is heard; null where it is not.</param>
    /// <returns>Null while the silent ones are enough for the host to go on.</returns>
    public static TimeSpan? SampleHeardFor(IEnumerable<TimeSpan?> sample)
    {
        TimeSpan?[] all = [.. sample];
        return HeardFor(all, (all.Length / 2) + 1);
    }

    /// <summary>Whom an agent asks: others, spread over racks, and not the same ones as its neighbours.</summary>
    /// <param name="node">The asking node.</param>
    /// <param name="others">Everybody who can be asked, with the rack; the asking node may be among them.</param>
    /// <returns>At most <see cref="SampleSize"/>; the same for the same fleet.</returns>
    public static IReadOnlyList<string> Sample(string node, IEnumerable<(string Node, string? Rack)> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return
        [
            .. others.Where(other => other.Node != node)
                .OrderBy(other => Mix(node, other.Node)).ThenBy(other => other.Node, StringComparer.Ordinal)
                .GroupBy(other => other.Rack, StringComparer.Ordinal)
                .SelectMany(rack => rack.Select((other, place) => (other.Node, Place: place)))
                .OrderBy(other => other.Place)
                .Take(SampleSize)
                .Select(other => other.Node),
        ];
    }

    // As long as the one that completes the number: no shorter than that, and perhaps longer.
    private static TimeSpan? HeardFor(TimeSpan?[] all, int needed) => needed == 0
        ? null
        : all.OrderDescending().Skip(needed - 1).FirstOrDefault();

    // FNV-1a: the same in every process, which string.GetHashCode is not.
    private static uint Mix(string node, string other)
    {
        const uint prime = 16_777_619;
        var hash = 2_166_136_261;
        foreach (var letter in node)
        {
            hash = (hash ^ letter) * prime;
        }

        foreach (var letter in other)
        {
            hash = (hash ^ letter) * prime;
        }

        return hash;
    }
}
