namespace Orchestrator.Tests.Shared;

/// <summary>
/// Names of variables, and what becomes of them: the control plane and the agent are tested with the same ones, so that
/// no job is accepted that every host then refuses.
/// </summary>
public static class EnvironmentNames
{
    /// <summary>A shell passes them on, so both take them.</summary>
    public static TheoryData<string> Good => ["A", "_", "_x9", "OMP_NUM_THREADS", "path", "RANKS", "MY_RANK"];

    /// <summary>No shell passes them on, so both refuse them.</summary>
    public static TheoryData<string> Bad => ["", "9A", "A-B", "A B", "A.B", "A=B", "Ä", "A\n", "%A"];

    /// <summary>The agent sets them for each rank, so the control plane refuses them.</summary>
    public static TheoryData<string> Reserved =>
    [
        "RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "GROUP_RANK", "GROUP_WORLD_SIZE", "ROLE_RANK",
        "ROLE_WORLD_SIZE", "ROLE_NAME", "MASTER_ADDR", "MASTER_PORT", "TORCHELASTIC_RUN_ID",
        "TORCHELASTIC_RESTART_COUNT", "TORCHELASTIC_MAX_RESTARTS", "TORCHELASTIC_ERROR_FILE", "ORCHESTRATOR_JOB_ID",
        "ORCHESTRATOR_ATTEMPT", "ORCHESTRATOR_NODE", "ORCHESTRATOR_AGENT_SOCKET", "ORCHESTRATOR_RESUME_STEP",
        "ORCHESTRATOR_RESUME_PATHS", "ORCHESTRATOR_SAVE_PLAN",
    ];
}
