namespace Orchestrator.Cli.Development;

/// <summary>
/// Environment variables by which the processes of a cluster are found again: children inherit them, and nothing else
/// on the machine has the same value.
/// </summary>
internal static class Markers
{
    /// <summary>Carried by agent, supervisors and ranks of one host.</summary>
    public const string HostFolder = "ORCHESTRATOR_HOST_FOLDER";

    /// <summary>Carried by the silo.</summary>
    public const string SiloFolder = "ORCHESTRATOR_SILO_FOLDER";

    /// <summary>Stands for the kernel's boot id, which the hosts of one machine would share.</summary>
    public const string BootId = "ORCHESTRATOR_BOOT_ID";

    public static string Of(HostRecord host) => $"{HostFolder}={host.Folder}";

    public static string OfSilo(DataFolder data) => $"{SiloFolder}={data.Silo}";
}
