namespace Orchestrator.Client;

/// <summary>What sort of failure an <see cref="OrchestratorException"/> reports, and so who can mend it.</summary>
public enum OrchestratorErrorKind
{
    /// <summary>The control plane, or something on the way to it, broke. Its log says more.</summary>
    Failed,

    /// <summary>The request itself is wrong, e.g. a job that asks for no nodes. Mend it before trying again.</summary>
    InvalidRequest,

    /// <summary>What the request names does not exist.</summary>
    NotFound,

    /// <summary>
    /// The request is understood and not allowed now, e.g. a job that has already ended cannot be cancelled.
    /// </summary>
    Refused,

    /// <summary>
    /// The control plane did not answer. Whether it did what was asked is unknown; a submission can be repeated
    /// safely with the same idempotency key.
    /// </summary>
    Unreachable,
}
