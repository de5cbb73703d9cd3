using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Storage;
using Orchestrator.Gateway.Agents;
using Orchestrator.Grains.Nodes;

namespace Orchestrator.Gateway.Control;

/// <summary>
/// Has a host answer what only a host can: about a store, and about checkpoints. Its agent's stream may be on any silo.
/// </summary>
internal sealed class StoreAsker(
    IGrainFactory grains, IReadModel readModel, ConnectionTable connections, TimeProvider time)
{
    /// <summary>Hosts that are tried, where some have just gone.</summary>
    private const int HostsTried = 8;

    /// <summary>Reading a shard may take long; but the silo that has the agent's stream may also have died.</summary>
    private static readonly TimeSpan AskWhetherItLives = TimeSpan.FromSeconds(5);

    /// <summary>Twice this is less than a client waits for the answer to a submission.</summary>
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(4.5);

    /// <summary>A host in contact: the preferred one, else one with its stream here, else any.</summary>
    /// <param name="preferred">Its node; null for none.</param>
    /// <param name="except">A node that is not asked; null for none.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Null when no host is in contact.</returns>
    public async Task<StoreHost?> FindAsync(string? preferred, string? except, CancellationToken cancellationToken)
    {
        var nodes = await readModel.ListAsync<NodeState>(RecordKinds.Node, cancellationToken);
        var names = nodes.Where(node => node.IsConnected).Select(node => node.Name);
        foreach (var name in connections.Heard.Concat(names).Prepend(preferred).OfType<string>().Distinct()
            .Where(name => name != except).Take(HostsTried))
        {
            if (await grains.GetGrain<INodeGrain>(name).FindConnection() is { } connection)
            {
                return new StoreHost(name, connection);
            }
        }

        return null;
    }

    /// <summary>Finds out whether a host can use a store, and how.</summary>
    /// <param name="store">The store as the job names it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when there is no host to ask, or the one that was asked went away.</returns>
    public async Task<StoreProbe?> ProbeAsync(string store, CancellationToken cancellationToken)
    {
        if (await FindAsync(preferred: null, except: null, cancellationToken) is not { } first)
        {
            return null;
        }

        if (await ProbeAsync(first, store, cancellationToken) is { } probe)
        {
            return probe.Fault?.Code == AgentGone.Code ? null : probe;
        }

        // It may be the host that does not answer, and not the store: a second one tells.
        var second = await FindAsync(preferred: null, except: first.Node, cancellationToken);
        return second is not null && await ProbeAsync(second, store, cancellationToken) is { } other
            ? other.Fault?.Code == AgentGone.Code ? null : other
            : new StoreProbe(second?.Node ?? first.Node, "", new Domain.Reason(
                "store_probe_timeout", $"The store does not answer within {ProbePatience.TotalSeconds} s."));
    }

    /// <returns>Null when nothing came in time.</returns>
    private async Task<StoreProbe?> ProbeAsync(StoreHost host, string store, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(ProbePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var last = new StorePart();
            await AskAsync(host, new StoreQuestion(StoreTask.Probe, store), part => Task.FromResult(last = part),
                either.Token);
            return new StoreProbe(host.Node, last.Store, last.Fault);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Asks, and passes on each part of the answer, the last one too.</summary>
    public async Task AskAsync(
        StoreHost host, StoreQuestion question, Func<StorePart, Task> take, CancellationToken cancellationToken)
    {
        var sink = new StoreSink();
        var reference = grains.CreateObjectReference<IStoreSink>(sink);
        ulong number = 0;
        try
        {
            number = await host.Connection.AskStore(question, reference);
            while (true)
            {
                var part = await sink.Parts.NextAsync(AskWhetherItLives, time, cancellationToken);
                if (part is null && !await host.Connection.IsAnswering(number) && sink.Parts.IsEmpty)
                {
                    part = new StorePart { IsLast = true, Fault = AgentGone.Reason(host.Node) };
                }

                if (part is not null)
                {
                    await take(part);
                    if (part.IsLast)
                    {
                        return;
                    }
                }
            }
        }
        catch (Exception error)
            when (error is ClientNotAvailableException or SiloUnavailableException or TimeoutException)
        {
            await take(new StorePart { IsLast = true, Fault = AgentGone.Reason(host.Node) });
        }
        finally
        {
            sink.Parts.Close();
            grains.DeleteObjectReference<IStoreSink>(reference);
            // Not awaited: its silo may be gone, and the question ends there by itself too.
            host.Connection.DropQuestion(number).Ignore();
        }
    }
}

/// <summary>A host that can be asked.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Connection">Its agent's stream.</param>
internal sealed record StoreHost(string Node, INodeConnection Connection);

/// <summary>What a host found out about a store.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Store">The store with the options that work; empty with a fault.</param>
/// <param name="Fault">Why it cannot be used; null when it can.</param>
internal sealed record StoreProbe(string Node, string Store, Domain.Reason? Fault)
{
    /// <summary>The fault, with who found it.</summary>
    public string Sentence => $"{Fault!.Sentence} {Node} tried it.";
}
