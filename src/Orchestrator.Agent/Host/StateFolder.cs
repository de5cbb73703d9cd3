using System.Security.Cryptography;
using System.Text;
using Orchestrator.Agent.Options;

namespace Orchestrator.Agent.Host;

/// <summary>Where things lie in the agent's durable folder.</summary>
internal sealed class StateFolder
{
    public StateFolder(AgentOptions options)
    {
        Root = options.StateFolder;
        foreach (var folder in new[] { Ranks, Jobs, Notices, Gpus, Standbys, StandbyHook })
            Directory.CreateDirectory(folder);
        TrainingSocket = ShortEnough(Path.Combine(Root, "training.sock"));
    }

    public string Root { get; }

    public string Ranks => Path.Combine(Root, "ranks");

    public string Jobs => Path.Combine(Root, "jobs");

    /// <summary>Supervisors drop a file here when a rank has ended: one folder to watch for all ranks.</summary>
    public string Notices => Path.Combine(Root, "notices");

    public string Gpus => Path.Combine(Root, "gpus");

    /// <summary>By job: what its standbys are started with, and a folder for each.</summary>
    public string Standbys => Path.Combine(Root, "standbys");

    /// <summary>Comes first in a standby's PYTHONPATH.</summary>
    public string StandbyHook => Path.Combine(Root, "standby-hook");

    /// <summary>What uploads of shards have done so far.</summary>
    public string Uploads => Path.Combine(Root, "uploads");

    public string SupervisorScript => Path.Combine(Root, "supervisor.sh");

    public string Lock => Path.Combine(Root, "agent.lock");

    public string SessionNumber => Path.Combine(Root, "session_number");

    /// <summary>Whom to ask when the control plane is not heard.</summary>
    public string Peers => Path.Combine(Root, "peers.json");

    public string LeaseNumber => Path.Combine(Root, "lease_number");

    /// <summary>The same path over restarts, because running ranks hold it in their environment.</summary>
    public string TrainingSocket { get; }

    private static string ShortEnough(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        return bytes.Length <= AgentLimits.SocketPathBytes
            ? path
            : $"/tmp/orchestrator-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}.sock";
    }
}
