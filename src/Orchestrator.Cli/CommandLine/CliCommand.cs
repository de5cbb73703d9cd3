using System.CommandLine;
using Orchestrator.Client;

namespace Orchestrator.Cli.CommandLine;

/// <summary>
/// A command: it does its work, and this base turns every way to fail into a sentence and an exit code.
/// </summary>
internal abstract class CliCommand : Command
{
    private readonly CommandFrame _frame;

    /// <summary>Makes a command.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does, in one sentence.</param>
    /// <param name="frame">What every command is built with.</param>
    /// <param name="examples">Command lines for its help, as they are typed after "orch".</param>
    protected CliCommand(string name, string description, CommandFrame frame, params string[] examples)
        : base(name, description)
    {
        _frame = frame;
        Examples = examples;
        SetAction(InvokeAsync);
    }

    /// <summary>Command lines for its help, as they are typed after "orch".</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Does the work and returns the exit code.</summary>
    /// <exception cref="CliException">An expected failure.</exception>
    /// <exception cref="OrchestratorException">The control plane refused, or did not answer.</exception>
    protected abstract Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken);

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var error = _frame.Environment.Error;
        var context = new CommandContext(_frame, parsed);
        await using var closing = context.ConfigureAwait(false);
        try
        {
            return await RunAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (CliException failure)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return failure.ExitCode;
        }
        catch (OrchestratorException failure)
        {
            await error.WriteLineAsync(ClientFailure.Sentence(failure, context)).ConfigureAwait(false);
            return ClientFailure.ExitCodeOf(failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Files and folders: the message of the runtime names the path and what is wrong with it.
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }
}
