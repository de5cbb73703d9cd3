using Orchestrator.Agent.Host;
using Orchestrator.Agent.Leases;
using Orchestrator.Domain.Leases;

namespace Orchestrator.Agent.Peers;

/// <summary>
/// Lets leases run out on a host that is cut off, and on no other: out of contact, it asks other agents, again and
/// again, until the control plane is heard.
/// </summary>
internal sealed class IsolationWatch(
    Contact contact, PeerBook peers, Knocker knocker, TimeProvider time, ILogger<IsolationWatch> log)
    : BackgroundService, ILeasePolicy
{
    private static readonly Dictionary<string, string> NoPeers = [];
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private const long Never = long.MinValue;

    private long _downAt = Never;
    private State _state;

    private enum State
    {
        Starting,
        InContact,
        ControlPlaneDown,
        CutOff,
    }

    public TimeSpan? ProvenAt
    {
        get
        {
            TimeSpan? down = Volatile.Read(ref _downAt) is var at && at != Never ? TimeSpan.FromTicks(at) : null;
            return down is null || contact.AskedAt > down ? contact.AskedAt : down;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (contact.IsFresh)
                Become(State.InContact, "The control plane is heard");
            else
                await AskAsync(stoppingToken);
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        // What is answered was true after this moment.
        var asked = BootClock.Now;
        var sample = peers.Addresses;
        var answers = await knocker.AskAsync(sample ?? NoPeers, cancellationToken);
        if (contact.IsFresh)
            return;
        if (Isolation.IsControlPlaneDown(sample?.Count, answers))
        {
            Volatile.Write(ref _downAt, asked.Ticks);
            Become(
                State.ControlPlaneDown,
                $"The control plane is down: {answers.Count} of {sample?.Count} other agents answer and none hears it. "
                + "Training goes on");
        }
        else
        {
            Become(
                State.CutOff,
                $"This host is cut off: {answers.Count} of {sample?.Count ?? 0} other agents answer, "
                + $"{answers.Count(hasContact => hasContact)} of them hear the control plane. Its leases run out");
        }
    }

    private void Become(State state, string sentence)
    {
        // One line per change; that a new agent finds the control plane is no news.
        if (_state != state && (_state, state) is not (State.Starting, State.InContact))
            log.LogWarning("{Sentence}", sentence);
        _state = state;
    }
}
