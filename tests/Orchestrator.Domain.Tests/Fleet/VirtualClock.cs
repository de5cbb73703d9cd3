using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>The one clock of a virtual fleet.</summary>
internal sealed class VirtualClock
{
    public DateTimeOffset Now { get; private set; } = Moments.Start;

    public void Pass(TimeSpan time) => Now += time;
}
