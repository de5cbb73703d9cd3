namespace Orchestrator.Domain.Events;

/// <summary>What an event is about.</summary>
public enum EventKind
{
    /// <summary>A node went from one phase to another.</summary>
    Node,

    /// <summary>A job was submitted, went from one phase to another, or began another attempt.</summary>
    Job,

    /// <summary>A moment of an incident.</summary>
    Incident,

    /// <summary>More happened than the reader took.</summary>
    Gap,
}
