using Orchestrator.Agent.Host;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Ranks;

/// <summary>Puts the supervisor's script where ranks are started from.</summary>
internal static class SupervisorScript
{
    private static readonly Lock Gate = new();

    /// <summary>
    /// Replaces the file by rename: shells read a script while they run it, and running supervisors keep the old one.
    /// </summary>
    /// <exception cref="IOException">The file is not this version's and cannot be replaced.</exception>
    public static void Install(StateFolder state)
    {
        using var stream = typeof(SupervisorScript).Assembly.GetManifestResourceStream("supervisor.sh")
            ?? throw new InvalidOperationException("The supervisor's script is missing from this build.");
        using var reader = new StreamReader(stream);
        var script = reader.ReadToEnd();
        lock (Gate)
        {
            // A full disk that holds the script already keeps no agent from starting ranks.
            if (!File.Exists(state.SupervisorScript) || File.ReadAllText(state.SupervisorScript) != script)
                DurableFile.Write(state.SupervisorScript, script);
        }
    }
}
