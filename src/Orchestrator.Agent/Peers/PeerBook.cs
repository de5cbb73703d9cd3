using System.Text.Json;
using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Peers;

/// <summary>
/// Whom to ask when the control plane is not heard: the newest sample that it gave, kept over a restart of the agent.
/// </summary>
internal sealed class PeerBook
{
    private readonly string _file;
    private readonly ILogger<PeerBook> _log;
    private IReadOnlyDictionary<string, string>? _addresses;

    public PeerBook(StateFolder folder, ILogger<PeerBook> log)
    {
        _file = folder.Peers;
        _log = log;
        _addresses = Read();
    }

    /// <summary>Addresses by node; null when the control plane never told any.</summary>
    public IReadOnlyDictionary<string, string>? Addresses => Volatile.Read(ref _addresses);

    public void Take(IEnumerable<Peer> peers)
    {
        var newest = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var peer in peers)
            newest[peer.Node] = peer.Address;
        if (Addresses is { } known && newest.SequenceEqual(known))
            return;
        Volatile.Write(ref _addresses, newest);
        try
        {
            File.WriteAllText(_file + ".new", JsonSerializer.Serialize(newest));
            File.Move(_file + ".new", _file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is in memory counts; only after a restart would an older sample be asked.
            _log.LogWarning("The sample of other agents could not be kept: {Reason}", exception.Message);
        }
    }

    private SortedDictionary<string, string>? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(_file));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            _log.LogWarning("The sample of other agents cannot be read: {Reason}", exception.Message);
            return null;
        }
    }
}
