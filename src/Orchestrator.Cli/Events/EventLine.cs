using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Events;

/// <summary>One event as one line: when, what about, what, why.</summary>
internal static class EventLine
{
    /// <summary>Wide enough for "incident" and most ids; longer ones move their own line only.</summary>
    private const int SubjectWidth = 32;

    /// <summary>As wide as the longest transition, "Quarantined -> Validating".</summary>
    private const int ChangeWidth = 25;

    public static string Of(Event one)
    {
        if (one.Kind == EventKind.Gap)
            return $"{Words.Precise(one.At)}  {Words.WithCode(one.Reason)}";
        var subject = $"{Kind(one.Kind)} {one.Subject}".PadRight(SubjectWidth);
        var change = (one.From.Length > 0 ? $"{one.From} -> {one.To}" : one.To).PadRight(ChangeWidth);
        return $"{Words.Precise(one.At)}  {subject}  {change}  {Words.WithCode(one.Reason)}".TrimEnd();
    }

    private static string Kind(EventKind kind) => kind switch
    {
        EventKind.Node => "node",
        EventKind.Job => "job",
        EventKind.Incident => "incident",
        _ => "unknown",
    };
}
