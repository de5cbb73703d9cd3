using Orchestrator.Cli.Development;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Tests.Development;

/// <summary>Records of clusters for tests.</summary>
internal static class Clusters
{
    public static ClusterRecord Empty { get; } = new()
    {
        Port = 7070,
        SiloPort = 7071,
        OrleansGatewayPort = 7072,
        Warm = 0,
        Binaries = new ClusterBinaries("/bin/false", "/bin/false"),
        MachineBootId = ProcessTable.MachineBootId(),
        Hosts = [],
    };

    public static HostRecord Host(string name, string folder) => new()
    {
        Name = name,
        Address = "127.0.1.1",
        Folder = folder,
        BootId = "first-boot",
    };
}
