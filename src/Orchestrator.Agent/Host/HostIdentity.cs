using Orchestrator.Agent.Options;
using Orchestrator.Agent.Peers;

namespace Orchestrator.Agent.Host;

/// <summary>Who this host is, and the numbers that must survive a restart of its agent.</summary>
internal sealed class HostIdentity(AgentOptions options, StateFolder folder)
{
    private const string BootIdVariable = "ORCHESTRATOR_BOOT_ID";

    public string Name => options.Name;

    public string Address => options.Address;

    /// <summary>HOST:PORT where other agents can knock; empty: nowhere.</summary>
    public string PeerAddress { get; } = PeerListener.AddressOf(options, options.PeerPort);

    /// <summary>HOST:PORT where other agents store and fetch shards; empty: nowhere.</summary>
    public string ShardAddress { get; } = PeerListener.AddressOf(options, options.ShardPort);

    public IReadOnlyDictionary<string, string> Labels => options.Labels;

    /// <summary>The kernel's boot id, or what a virtual host says instead.</summary>
    public string BootId { get; } = Environment.GetEnvironmentVariable(BootIdVariable) is { Length: > 0 } given
        ? given
        : File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    public string Version { get; } = typeof(HostIdentity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Rises with every stream.</summary>
    public PersistedNumber Sessions { get; } = new(folder.SessionNumber);

    /// <summary>The highest lease number ever obeyed.</summary>
    public PersistedNumber Lease { get; } = new(folder.LeaseNumber);
}
