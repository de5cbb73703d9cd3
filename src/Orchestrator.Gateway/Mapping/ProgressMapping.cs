using Orchestrator.Domain.Jobs;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>How progress is learnt, on its way from users and to agents.</summary>
internal static class ProgressMapping
{
    public static ProgressPolicy ToDomain(this Proto.ProgressPolicy? policy) => policy is null
        ? ProgressPolicy.Client
        : new ProgressPolicy
        {
            From = policy.From switch
            {
                Proto.ProgressSource.Unspecified or Proto.ProgressSource.Client => ProgressSource.Client,
                Proto.ProgressSource.Log => ProgressSource.Log,
                Proto.ProgressSource.File => ProgressSource.File,
                // What a newer client asks for is refused by the check of the job instead of being taken for another.
                var unknown => (ProgressSource)unknown,
            },
            Pattern = policy.Pattern,
            Path = policy.Path,
        };

    public static Proto.ProgressPolicy ToProto(this ProgressPolicy policy) => new()
    {
        From = policy.From switch
        {
            ProgressSource.Log => Proto.ProgressSource.Log,
            ProgressSource.File => Proto.ProgressSource.File,
            _ => Proto.ProgressSource.Client,
        },
        Pattern = policy.Pattern,
        Path = policy.Path,
    };
}
