using Grpc.Core;
using Orchestrator.Gateway.Health;

namespace Orchestrator.Gateway.Control;

/// <summary>The one table from refusals to gRPC statuses.</summary>
internal static class Refusals
{
    /// <summary>Name of the trailer that holds the machine code.</summary>
    public const string Trailer = "orchestrator-reason";

    /// <summary>A refusal as the error that a client sees.</summary>
    /// <param name="reason">The refusal.</param>
    /// <returns>The error.</returns>
    public static RpcException ToError(this Domain.Reason reason)
    {
        var status = reason.Code switch
        {
            "invalid_job" or "invalid_reason" or "invalid_owner" => StatusCode.InvalidArgument,
            "no_such_job" or "no_such_node" or "no_such_incident" or "no_such_log" or "no_such_rank"
                or "no_such_checkpoint" => StatusCode.NotFound,
            StorageHealth.Unavailable => StatusCode.Unavailable,
            _ => StatusCode.FailedPrecondition,
        };
        return reason.ToError(status);
    }

    /// <summary>A refusal as the error that a client sees.</summary>
    /// <param name="reason">The refusal.</param>
    /// <param name="status">Its status, where that does not follow from the code.</param>
    /// <returns>The error.</returns>
    public static RpcException ToError(this Domain.Reason reason, StatusCode status) =>
        new(new Status(status, reason.Sentence), new Metadata { { Trailer, reason.Code } });
}
