using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Ranks;

/// <summary>Puts the supervisor's script where ranks are started from.</summary>
internal static class SupervisorScript
{
    /// <summary>Shells read a script while they run it, and running supervisors keep the one they began with.</summary>
    /// <exception cref="IOException">The file is not this version's and cannot be replaced.</exception>
    public static void Install(StateFolder state) => EmbeddedFile.Install("supervisor.sh", state.SupervisorScript);
}
