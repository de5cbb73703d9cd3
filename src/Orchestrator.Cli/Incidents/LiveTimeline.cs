using System.Globalization;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Incidents;

/// <summary>Turns incidents, which arrive whole after each change, into lines that each appear once.</summary>
internal sealed class LiveTimeline(HumanOutput human)
{
    /// <summary>Wide enough for an incident of a quarter of an hour, in milliseconds with its comma.</summary>
    private const int OffsetWidth = 7;

    /// <summary>As wide as the longest event, "replacement_leased".</summary>
    private const int EventWidth = 18;

    private readonly Dictionary<string, Shown> _shown = [];

    /// <summary>Takes what is already closed as shown.</summary>
    public void Skip(IEnumerable<Incident> incidents)
    {
        foreach (var incident in incidents.Where(IncidentWords.IsClosed))
            _shown[incident.Id] = Shown.Whole(incident);
    }

    /// <summary>Writes what is new in an incident.</summary>
    public void Show(Incident incident)
    {
        if (!_shown.TryGetValue(incident.Id, out var shown))
            _shown[incident.Id] = shown = new Shown();
        foreach (var entry in incident.Timeline)
        {
            if (shown.Entries.Add(entry))
                human.Line(Line(incident, entry));
        }

        shown.Cause = ShowSentence(incident, "cause", Words.WithCode(incident.Cause), shown.Cause);
        shown.Action = ShowSentence(incident, "action", Words.WithCode(incident.Action), shown.Action);
        if (IncidentWords.IsClosed(incident) && !shown.IsClosed)
        {
            shown.IsClosed = true;
            human.Line($"{incident.Id}  {IncidentView.Outcome(incident)}");
        }
    }

    private static string Line(Incident incident, TimelineEntry entry)
    {
        var offset = entry.OffsetMs.ToString("N0", CultureInfo.InvariantCulture).PadLeft(OffsetWidth);
        return $"{incident.Id}  +{offset} ms  {entry.Event.PadRight(EventWidth)}  {entry.Detail}".TrimEnd();
    }

    private string ShowSentence(Incident incident, string what, string now, string before)
    {
        if (now.Length > 0 && now != before)
            human.Line($"{incident.Id}  {what}: {now}");
        return now;
    }

    /// <summary>What of one incident has been written.</summary>
    private sealed class Shown
    {
        public HashSet<TimelineEntry> Entries { get; init; } = [];

        public string Cause { get; set; } = "";

        public string Action { get; set; } = "";

        public bool IsClosed { get; set; }

        public static Shown Whole(Incident incident) => new()
        {
            Entries = [.. incident.Timeline],
            Cause = Words.WithCode(incident.Cause),
            Action = Words.WithCode(incident.Action),
            IsClosed = true,
        };
    }
}
