using Grpc.Core;

namespace Orchestrator.Client;

/// <summary>The one place where gRPC's errors become Orchestrator's.</summary>
internal static class ErrorTable
{
    /// <summary>Trailer in which the control plane sends the machine code of a refusal.</summary>
    public const string ReasonTrailer = "orchestrator-reason";

    private static readonly Dictionary<StatusCode, Row> Rows = new()
    {
        [StatusCode.InvalidArgument] = new(OrchestratorErrorKind.InvalidRequest, "invalid_argument", null),
        [StatusCode.OutOfRange] = new(OrchestratorErrorKind.InvalidRequest, "out_of_range", null),
        [StatusCode.NotFound] = new(OrchestratorErrorKind.NotFound, "not_found", null),
        [StatusCode.FailedPrecondition] = new(OrchestratorErrorKind.Refused, "failed_precondition", null),
        [StatusCode.AlreadyExists] = new(OrchestratorErrorKind.Refused, "already_exists", null),
        [StatusCode.Aborted] = new(OrchestratorErrorKind.Refused, "aborted", null),
        [StatusCode.ResourceExhausted] = new(OrchestratorErrorKind.Refused, "resource_exhausted", null),
        [StatusCode.PermissionDenied] = new(OrchestratorErrorKind.Refused, "permission_denied", null),
        [StatusCode.Unauthenticated] = new(OrchestratorErrorKind.Refused, "unauthenticated", null),
        [StatusCode.Unavailable] = new(
            OrchestratorErrorKind.Unreachable,
            "unreachable",
            "No control plane answers at {0}. Check the address and that the control plane runs there."),
        [StatusCode.DeadlineExceeded] = new(
            OrchestratorErrorKind.Unreachable,
            "deadline_exceeded",
            "The control plane at {0} did not answer in time, so the outcome is unknown. "
            + "Look at the state before trying again."),
        [StatusCode.Cancelled] = new(
            OrchestratorErrorKind.Unreachable,
            "call_cancelled",
            "The control plane at {0} gave the call up, as it does when it shuts down, so the outcome is unknown. "
            + "Look at the state before trying again."),
        [StatusCode.Unimplemented] = new(
            OrchestratorErrorKind.Failed,
            "unimplemented",
            "What listens at {0} does not offer this call. Check the address, and that client and control plane "
            + "have the same version."),
    };

    private static readonly Row Other = new(OrchestratorErrorKind.Failed, "failed", null);

    /// <summary>Says what a failed call means.</summary>
    /// <param name="error">The failure as gRPC reports it.</param>
    /// <param name="place">What was called, for the sentence.</param>
    public static OrchestratorException Translate(RpcException error, string place)
    {
        var row = Rows.GetValueOrDefault(error.StatusCode, Other);
        var reason = error.Trailers.GetValue(ReasonTrailer);
        return new OrchestratorException(
            row.Kind,
            string.IsNullOrEmpty(reason) ? row.Code : reason,
            string.IsNullOrEmpty(reason) ? row.Say(error, place) : SentenceOfControlPlane(error),
            error);
    }

    private static string SentenceOfControlPlane(RpcException error) =>
        string.IsNullOrEmpty(error.Status.Detail)
            ? $"The control plane answered {error.StatusCode} without a sentence."
            : error.Status.Detail;

    /// <param name="Kind">What sort of failure the status is.</param>
    /// <param name="Code">The machine code where the control plane sent none.</param>
    /// <param name="Sentence">
    /// The sentence where the detail is the transport's own words; null where the detail is the control plane's.
    /// </param>
    private sealed record Row(OrchestratorErrorKind Kind, string Code, string? Sentence)
    {
        public string Say(RpcException error, string place) => Sentence is not null
            ? string.Format(null, Sentence, place)
            : Kind == OrchestratorErrorKind.Failed
                ? $"The control plane at {place} failed ({error.StatusCode}: {error.Status.Detail}). "
                    + "Its log says more."
                : SentenceOfControlPlane(error);
    }
}
