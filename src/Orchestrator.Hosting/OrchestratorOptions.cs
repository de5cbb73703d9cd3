using System.Net;

namespace Orchestrator.Hosting;

/// <summary>Options of an embedded control plane: one silo, one data folder, no server beside it.</summary>
public sealed class OrchestratorOptions
{
    /// <summary>Where agents and clients connect (gRPC, HTTP/2 without TLS).
    /// <value>The default is 127.0.0.1:7070: nobody outside this machine can reach it.</value></summary>
    public IPEndPoint Listen { get; set; } = new(IPAddress.Loopback, 7070);

    /// <summary>Folder of the database; made when missing. <value>No default: must be set.</value></summary>
    public string DataFolder { get; set; } = "";

    /// <summary>Free nodes held back from new jobs, for replacements. <value>The default is 0.</value></summary>
    public int Spares { get; set; }

    /// <summary>Port between silos, on loopback. <value>The default is 11111.</value></summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port of Orleans' own client gateway, on loopback. <value>The default is 30000.</value></summary>
    public int OrleansGatewayPort { get; set; } = 30000;

    /// <summary>Every problem of the options.</summary>
    /// <returns>Sentences; empty when they can be used.</returns>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (DataFolder.Length == 0)
        {
            problems.Add("--data: the folder of the database is missing.");
        }

        if (Spares < 0)
        {
            problems.Add($"--spares: {Spares} must be 0 or more.");
        }

        // Not the same as "is loopback" for a reason: without authentication, more than loopback would be open to all.
        if (!IPAddress.IsLoopback(Listen.Address))
        {
            problems.Add($"--listen: {Listen} is not a loopback address, and this profile has no authentication.");
        }

        problems.AddRange(
            from port in new[] { ("--silo-port", SiloPort), ("--orleans-gateway-port", OrleansGatewayPort) }
            where port.Item2 is < 1 or > 65535
            select $"{port.Item1}: {port.Item2} must be 1 to 65535.");
        return problems;
    }
}
