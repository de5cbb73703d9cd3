namespace Orchestrator.Simulation.Coverage;

/// <summary>Every reason that the rules give; a test keeps the list equal to their source.</summary>
internal static class ReasonCodes
{
    public static readonly IReadOnlyList<string> All =
    [
        "attached", "attempt_over", "await_first_step", "await_ranks", "backing_off", "behind_in_queue",
        "cancel_asked", "checkpoint_unusable", "checks_passed", "checks_unfinished", "cordoned_by_other",
        "device_failed",
        "device_warning", "drain_ends_ranks", "drain_moves_job", "drain_waits_for_job",
        "drain_waits_for_nodes", "drain_waits_for_run", "drained", "end_ranks", "finished", "fleet_silent", "gave_up",
        "give_back_nodes", "host_lost", "invalid_job", "invalid_owner", "invalid_reason", "job_ended",
        "job_stopping", "judge_silent_host", "launch", "launching", "lease_lapsed", "lease_mismatch", "lease_releasing",
        "lease_revoked", "leased", "never_attached", "no_address", "no_gpu", "no_such_checkpoint",
        "no_such_cordon", "no_such_node",
        "node_unavailable", "none", "not_attached", "not_enough_nodes", "not_submitted", "order_overdue",
        "own_fault", "peer_connection_lost", "preparing", "queued", "rank_crashed", "ranks_vanished",
        "relaunch_same_nodes", "released", "remains", "repair_due", "replace_nodes",
        "replacement_cap", "resumed", "resumed_by_force", "rewound", "running", "runs_ranks", "save_last_checkpoint",
        "silent_too_long",
        "stale_session", "stop_overdue", "take_nodes", "training_advanced",
    ];
}
