using Orchestrator.Agent.Host;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Ranks;

/// <summary>Puts the supervisor's script where ranks are started from.</summary>
internal static class SupervisorScript
{
    /// <summary>
    /// Replaces the file by rename: shells read a script while they run it, and running supervisors keep the old one.
    /// </summary>
    public static void Install(StateFolder state)
    {
        using var stream = typeof(SupervisorScript).Assembly.GetManifestResourceStream("supervisor.sh")
            ?? throw new InvalidOperationException("The supervisor's script is missing from this build.");
        using var reader = new StreamReader(stream);
        DurableFile.Write(state.SupervisorScript, reader.ReadToEnd());
    }
}
