using System.Collections.Immutable;
using System.Threading.Channels;
using Orchestrator.Domain;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;
using Orchestrator.Grains.Nodes;

namespace Orchestrator.Grains.Tests.Fleet;

/// <summary>An agent that does what it is told, and remembers it. Its processes exist only in its memory.</summary>
public sealed class FakeAgent(IGrainFactory grains, string name) : INodeConnection
{
    private readonly Channel<NodeOrder> _orders = Channel.CreateUnbounded<NodeOrder>();
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Job, int Attempt, int Rank), RankStatus> _ranks = [];
    private readonly HashSet<string> _done = [];
    private INodeConnection? _reference;
    private long _session;
    private bool _isCutOff;

    public string Name => name;

    public long Session => _session;

    /// <summary>Every order that reached the host, repetitions included.</summary>
    public List<NodeOrder> Received { get; } = [];

    /// <summary>How often each (attempt, rank) process was started.</summary>
    public Dictionary<(int Attempt, int Rank), int> Starts { get; } = [];

    /// <summary>Orders are received but not obeyed.</summary>
    public bool IsHung { get; set; }

    private INodeGrain Node => grains.GetGrain<INodeGrain>(name);

    public IReadOnlyList<RankStatus> Running(string job)
    {
        lock (_lock)
        {
            return [.. _ranks.Where(rank => rank.Key.Job == job && rank.Value.Exit is null).Select(rank => rank.Value)];
        }
    }

    public async Task<Reason?> AttachAsync(string bootId = "boot-1")
    {
        if (_reference is null)
        {
            _ = PumpAsync();
        }

        _reference = grains.CreateObjectReference<INodeConnection>(this);
        _isCutOff = false;
        AgentHello hello;
        lock (_lock)
        {
            hello = new AgentHello
            {
                Node = name,
                SessionNumber = ++_session,
                BootId = bootId,
                Address = $"10.0.0.{name[4..]}",
                Gpus = [new GpuDevice($"GPU-{name}", "virtual accelerator", 0, 0, true)],
                Ranks = [.. _ranks.Select(rank => new HostedRank(rank.Key.Job, rank.Value))],
            };
        }

        return await Node.Attach(hello, _reference);
    }

    /// <summary>The same host, attached to another control plane.</summary>
    public async Task<FakeAgent> MoveToAsync(IGrainFactory others)
    {
        var moved = new FakeAgent(others, name) { _session = _session };
        lock (_lock)
        {
            foreach (var (key, status) in _ranks)
            {
                moved._ranks[key] = status;
            }
        }

        (await moved.AttachAsync()).ShouldBeNull();
        return moved;
    }

    public Task Send(NodeOrder order)
    {
        lock (_lock)
        {
            Received.Add(order);
        }

        _orders.Writer.TryWrite(order);
        return Task.CompletedTask;
    }

    public Task Close(Reason reason) => Task.CompletedTask;

    public Task<ulong> OpenLog(LogRequest request, ILogSink sink) =>
        throw new NotSupportedException("It has no processes, and so no logs.");

    public Task<bool> IsReading(ulong reading) => Task.FromResult(false);

    public Task CloseLog(ulong reading) => Task.CompletedTask;

    public Task<ulong> AskStore(StoreQuestion question, IStoreSink sink) =>
        throw new NotSupportedException("This agent has no store.");

    public Task<bool> IsAnswering(ulong question) => Task.FromResult(false);

    public Task DropQuestion(ulong question) => Task.CompletedTask;

    /// <summary>The host is gone, with everything on it.</summary>
    public Task DieAsync()
    {
        lock (_lock)
        {
            _isCutOff = true;
            _ranks.Clear();
        }

        return LoseContactAsync();
    }

    /// <summary>The host does nothing any more: no order is carried out, and nothing is said.</summary>
    public Task FreezeAsync()
    {
        _isCutOff = true;
        return LoseContactAsync();
    }

    /// <summary>The agent is gone; its ranks run on.</summary>
    public Task LoseContactAsync() =>
        Node.LoseContact(_session, new Reason("stream_ended", "Its agent's stream ended."));

    public Task EndRankAsync(string job, int attempt, int rank, RankExit exit)
    {
        lock (_lock)
        {
            _ranks[(job, attempt, rank)] = _ranks[(job, attempt, rank)] with { Phase = RankPhase.Exited, Exit = exit };
        }

        return Node.Observe(_session, new RankExited(job, attempt, rank, exit, 0, DateTimeOffset.UnixEpoch));
    }

    public Task TellAsync(NodeEvent seen) => Node.Observe(_session, seen);

    private async Task PumpAsync()
    {
        await foreach (var order in _orders.Reader.ReadAllAsync())
        {
            if (!_isCutOff && !IsHung)
            {
                await ObeyAsync(order);
            }
        }
    }

    private async Task ObeyAsync(NodeOrder order)
    {
        var at = DateTimeOffset.UtcNow;
        // An agent takes an order before it carries it out.
        await Node.Observe(_session, new OrderAnswered(order.OperationId, null, at));
        foreach (var seen in Carry(order, at))
        {
            await Node.Observe(_session, seen);
        }
    }

    private ImmutableArray<NodeEvent> Carry(NodeOrder order, DateTimeOffset at)
    {
        lock (_lock)
        {
            var isNew = _done.Add(order.OperationId);
            return order.Body switch
            {
                PrepareOrder => [new AttemptPrepared(order.Job, order.Attempt, 29500 + order.Attempt, null, at)],
                LaunchOrder launch when isNew => [.. launch.Ranks.SelectMany(rank => Start(order, rank, at))],
                StopOrder or ReleaseOrder => [.. Stop(order, at), new GangStopped(order.Job, order.Attempt, at)],
                _ => [],
            };
        }
    }

    private IEnumerable<NodeEvent> Start(NodeOrder order, int rank, DateTimeOffset at)
    {
        _ranks[(order.Job, order.Attempt, rank)] = new RankStatus
        {
            Rank = rank,
            Attempt = order.Attempt,
            Phase = RankPhase.Running,
            Pid = 1000 + rank,
            FirstStep = 1,
        };
        Starts[(order.Attempt, rank)] = Starts.GetValueOrDefault((order.Attempt, rank)) + 1;
        yield return new RankStarted(order.Job, order.Attempt, rank, 1000 + rank, at);
        yield return new FirstStepFinished(order.Job, order.Attempt, rank, 1, at, at);
    }

    private static bool IsUpTo((string Job, int Attempt, int Rank) rank, NodeOrder order) =>
        rank.Job == order.Job && rank.Attempt <= order.Attempt;

    private List<NodeEvent> Stop(NodeOrder order, DateTimeOffset at)
    {
        var stopped = new List<NodeEvent>();
        var running = _ranks.Where(rank => IsUpTo(rank.Key, order) && rank.Value.Exit is null).ToArray();
        foreach (var (key, status) in running)
        {
            var exit = new RankExit { Signal = 9, WasStopped = true, At = at };
            _ranks[key] = status with { Phase = RankPhase.Exited, Exit = exit };
            stopped.Add(new RankExited(key.Job, key.Attempt, key.Rank, exit, 1, at));
        }

        if (order.Body is ReleaseOrder)
        {
            foreach (var key in _ranks.Keys.Where(key => IsUpTo(key, order)).ToArray())
            {
                _ranks.Remove(key);
            }
        }

        return stopped;
    }
}
