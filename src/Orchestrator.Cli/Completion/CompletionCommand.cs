using System.CommandLine;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Completion;

/// <summary><c>orch completion</c></summary>
internal sealed class CompletionCommand : CliCommand
{
    private readonly Argument<Shell> _shell = new("SHELL")
    {
        Description = "bash: source <(orch completion bash). zsh: the same. fish: orch completion fish | source.",
        HelpName = "bash|zsh|fish",
    };

    public CompletionCommand(CommandFrame frame)
        : base("completion", "Print a script that completes orch's commands, options, jobs and nodes.", frame,
            "completion bash", "completion fish")
    {
        _shell.CompletionSources.Clear();
        _shell.CompletionSources.Add("bash", "zsh", "fish");
        Add(_shell);
    }

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Environment.Out.Write(CompletionScripts.Of(context.Parsed.GetValue(_shell)));
        return Task.FromResult(ExitCode.Ok);
    }
}
