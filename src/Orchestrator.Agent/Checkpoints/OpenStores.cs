using System.Collections.Concurrent;
using Orchestrator.Agent.Options;
using Orchestrator.Checkpoints;
using Orchestrator.Checkpoints.Durable;
using Orchestrator.Checkpoints.S3;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>The stores that this host's jobs name, each opened once: their connections are kept.</summary>
internal sealed class OpenStores(AgentOptions options) : IDisposable
{
    private readonly BandwidthLimiter _ofHost = new(options.UploadBytesPerSecond);
    private readonly ConcurrentDictionary<string, Lazy<IDurableStore>> _stores = [];

    /// <summary>The store, or what is wrong with its name.</summary>
    public (IDurableStore? Store, CheckpointFault? Fault) Open(string store)
    {
        try
        {
            var opened = _stores.GetOrAdd(
                store, name => new Lazy<IDurableStore>(() => DurableStores.Open(name, _ofHost)));
            return (opened.Value, null);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return (null, new CheckpointFault("store_options_wrong", exception.Message));
        }
    }

    public void Dispose()
    {
        foreach (var store in _stores.Values.Where(store => store.IsValueCreated))
            store.Value.Dispose();
    }
}
