using System.Collections.Immutable;
using System.Globalization;

namespace Orchestrator.Domain.Pools;

/// <summary>Nodes that were given in place of others.</summary>
/// <param name="At">When.</param>
/// <param name="Nodes">How many.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.GivenReplacements")]
public readonly record struct GivenReplacements(DateTimeOffset At, int Nodes);

/// <summary>Bounds how fast nodes are replaced, over all jobs.</summary>
/// <remarks>
/// Machines fail one by one, or a rack at once. Where more fail within a minute, the fault is more likely in what they
/// share, or in our own judgement: then replacing goes on, but slowly enough for a person to see it, and the spares
/// last for longer than the error. What a drain moves is not counted: a person asked for it.
/// </remarks>
public static class ReplacementCap
{
    /// <summary>Code of the reason of who waits for it.</summary>
    public const string Code = "replacement_cap";

    /// <summary>The cap where an operator sets none: two racks of ten hosts.</summary>
    public const int Default = 20;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Why a replacement must wait.</summary>
    /// <param name="given">What was given before.</param>
    /// <param name="needed">How many nodes are needed at once.</param>
    /// <param name="perMinute">The cap.</param>
    /// <param name="now">Now.</param>
    /// <returns>
    /// Null when it need not. Who needs more than the cap is served when nothing was given for a minute: the whole gang
    /// or nothing.
    /// </returns>
    public static Reason? Wait(
        ImmutableArray<GivenReplacements> given, int needed, int perMinute, DateTimeOffset now)
    {
        var recent = Within(given, now);
        var left = recent.Sum(one => one.Nodes);
        if (left == 0 || left + needed <= perMinute)
        {
            return null;
        }

        // The oldest leave the window first, until there is room.
        var from = now;
        foreach (var one in recent.TakeWhile(_ => left > 0 && left + needed > perMinute))
        {
            left -= one.Nodes;
            from = one.At + Window;
        }

        var time = from.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return new Reason(
            Code,
            $"Nodes are replaced faster than --replacements-per-minute {perMinute} allows: this may be one fault that "
            + $"they share. It goes on at {time} UTC.");
    }

    /// <summary>How many nodes were given within the last minute.</summary>
    /// <param name="given">What was given before.</param>
    /// <param name="now">Now.</param>
    /// <returns>The number that the cap bounds.</returns>
    public static int Count(ImmutableArray<GivenReplacements> given, DateTimeOffset now) =>
        Within(given, now).Sum(one => one.Nodes);

    /// <summary>Notes that nodes were given.</summary>
    /// <param name="given">What was given before.</param>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="now">Now.</param>
    /// <returns>What still counts.</returns>
    public static ImmutableArray<GivenReplacements> Note(
        ImmutableArray<GivenReplacements> given, int nodes, DateTimeOffset now) =>
        [.. Within(given, now), new GivenReplacements(now, nodes)];

    // A clock that was set back must not hold replacements up until it has caught up.
    private static IEnumerable<GivenReplacements> Within(ImmutableArray<GivenReplacements> given, DateTimeOffset now) =>
        given.Where(one => one.At <= now && now - one.At < Window);
}
