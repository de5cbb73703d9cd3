using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Orchestrator.Cli.CommandLine;

/// <summary><c>orch version</c></summary>
internal sealed class VersionCommand(CommandFrame frame)
    : CliCommand("version", "Show the version of orch.", frame, "version", "version -o json")
{
    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        // The build appends "+" and the commit where it knows one.
        var parts = typeof(VersionCommand).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);
        var (version, commit) = (parts[0], parts.ElementAtOrDefault(1) ?? "");
        var runtime = RuntimeInformation.FrameworkDescription;
        if (context.IsJson)
        {
            context.Json.Write(
                new JsonObject { ["version"] = version, ["commit"] = commit, ["runtime"] = runtime });
        }
        else
        {
            var origin = commit.Length == 0 ? "" : $", commit {commit[..Math.Min(12, commit.Length)]}";
            context.Human.Line($"orch {version} ({runtime}{origin})");
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
