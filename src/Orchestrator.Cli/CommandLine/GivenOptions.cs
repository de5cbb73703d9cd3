using System.CommandLine;
using System.CommandLine.Parsing;

namespace Orchestrator.Cli.CommandLine;

/// <summary>Which options stand on a command line.</summary>
internal static class GivenOptions
{
    /// <summary>The option was typed, whatever its value: a validator must not ask for one that may be wrong.</summary>
    public static bool IsGiven(this CommandResult result, Option option) =>
        result.GetResult(option) is { Implicit: false };
}
