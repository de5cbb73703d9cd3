using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Control;

public sealed class OutboxTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
    private readonly Outbox _outbox;

    public OutboxTests()
    {
        var options = new AgentOptions(
            "host1", [new Uri("http://localhost")], _root, _root, "host1", 0, new Dictionary<string, string>());
        var identity = new HostIdentity(options, new StateFolder(options));
        _outbox = new Outbox(identity, TimeProvider.System, new AsyncSignal());
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Next_NotAcknowledged_GivesTheSameEventAgain()
    {
        _outbox.Append(Event("a"));
        _outbox.Append(Event("b"));

        var first = _outbox.Next(afterId: 0).ShouldNotBeNull();
        _outbox.Next(afterId: 0).ShouldNotBeNull().EventId.ShouldBe(first.EventId);
        _outbox.Next(first.EventId).ShouldNotBeNull().GangStopped.JobId.ShouldBe("b");
        _outbox.Acknowledge(first.EventId);
        _outbox.Next(afterId: 0).ShouldNotBeNull().GangStopped.JobId.ShouldBe("b");
    }

    [Fact]
    public void Next_EventOfThePast_CarriesItsAge()
    {
        _outbox.Append(Event("a"), TimeSpan.FromSeconds(3));

        _outbox.Next(afterId: 0).ShouldNotBeNull().AgeMs.ShouldBeInRange(3_000u, 13_000u);
    }

    [Fact]
    public void Append_MoreThanItHolds_AsksForANewStream()
    {
        for (var count = 0; count <= AgentLimits.OutboxEvents; count++)
            _outbox.Append(Event("a"));

        _outbox.TakeOverflow().ShouldBeTrue();
        _outbox.TakeOverflow().ShouldBeFalse();
        // What came after the loss still follows the next Hello.
        _outbox.Next(afterId: 0).ShouldNotBeNull();
    }

    private static AgentEvent Event(string job) => new() { GangStopped = new GangStopped { JobId = job, Attempt = 1 } };
}
