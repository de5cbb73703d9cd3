using Orchestrator.Client;

namespace Orchestrator.Cli.CommandLine;

/// <summary>What a failure of the control API means for the person at the command line.</summary>
internal static class ClientFailure
{
    public static int ExitCodeOf(OrchestratorException failure) => failure.Kind switch
    {
        OrchestratorErrorKind.InvalidRequest => ExitCode.BadUsage,
        OrchestratorErrorKind.NotFound => ExitCode.NotFound,
        OrchestratorErrorKind.Refused => ExitCode.Refused,
        OrchestratorErrorKind.Unreachable => ExitCode.Unreachable,
        _ => ExitCode.Failed,
    };

    public static string Sentence(OrchestratorException failure, CommandContext context) =>
        failure.Code == "unreachable"
            ? UnreachableServer.Sentence(context.Server, context.Data, context.IsDefaultData)
            : $"{failure.Message} [{failure.Code}]";
}
