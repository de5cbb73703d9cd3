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

    public static string Sentence(OrchestratorException failure) =>
        failure.Code == "unreachable"
            ? $"{failure.Message}\nTry `orch dev up` for a cluster on this machine, or name another address "
                + "with --server."
            : $"{failure.Message} [{failure.Code}]";
}
