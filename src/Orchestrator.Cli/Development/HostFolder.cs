namespace Orchestrator.Cli.Development;

/// <summary>What one host of a development cluster keeps, each kind in its own place.</summary>
/// <param name="Root">Absolute path; also the value of the marker that every process of the host carries.</param>
internal sealed record HostFolder(string Root)
{
    /// <summary>What a real host keeps on its disk: it survives a loss of power.</summary>
    public string State => Path.Combine(Root, "state");

    /// <summary>What a real host keeps in memory: it is gone after a loss of power.</summary>
    public string Memory => Path.Combine(Root, "memory");

    public string Log => Path.Combine(Root, "agent.log");

    public string ProcessIdFile => Path.Combine(Root, "agent.pid");

    public void Create()
    {
        Directory.CreateDirectory(State);
        Directory.CreateDirectory(Memory);
    }

    /// <summary>Empties the folder of what a loss of power takes. The folder itself may be a file system.</summary>
    public void ClearMemory()
    {
        Directory.CreateDirectory(Memory);
        foreach (var entry in new DirectoryInfo(Memory).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo folder)
                folder.Delete(recursive: true);
            else
                entry.Delete();
        }
    }
}
