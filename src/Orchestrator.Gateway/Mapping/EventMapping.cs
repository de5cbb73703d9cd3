using Orchestrator.Domain.Events;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>Events, as the control API shows them.</summary>
internal static class EventMapping
{
    public static Proto.Event ToProto(this FleetEvent one)
    {
        var proto = new Proto.Event
        {
            At = one.At.ToProto(),
            Kind = one.Kind switch
            {
                EventKind.Node => Proto.EventKind.Node,
                EventKind.Job => Proto.EventKind.Job,
                EventKind.Incident => Proto.EventKind.Incident,
                EventKind.Gap => Proto.EventKind.Gap,
                _ => Proto.EventKind.Unspecified,
            },
            Subject = one.Subject,
            From = one.From,
            To = one.To,
            Reason = one.Reason.ToProto(),
            JobId = one.Job,
            IncidentId = one.Incident,
        };
        proto.Nodes.AddRange(one.Nodes);
        return proto;
    }
}
