namespace Orchestrator.Simulation.Coverage;

/// <summary>Every reason that the rules give; a test keeps the list equal to their source.</summary>
internal static class ReasonCodes
{
    public static readonly IReadOnlyList<string> All =
    [
        "attached", "attempt_over", "behind_in_queue", "cancel_asked", "checks_passed", "checks_unfinished",
        "cordon_lifted", "device_failed", "device_warning", "finished", "gave_up", "host_lost", "invalid_job",
        "job_ended", "launching", "lease_lapsed", "lease_mismatch", "lease_releasing", "lease_revoked", "leased",
        "never_attached", "no_address", "no_gpu", "no_progress", "no_such_cordon", "node_unavailable", "not_attached",
        "not_enough_nodes", "not_submitted", "order_overdue", "peer_connection_lost", "preparing", "queued",
        "rank_crashed", "ranks_vanished", "relaunch_same_nodes", "released", "remains", "repair_due", "replace_nodes",
        "running", "runs_ranks", "silent_too_long", "stale_session", "stop_overdue", "training_advanced",
    ];
}
