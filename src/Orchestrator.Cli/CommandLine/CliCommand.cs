using System.CommandLine;
using Orchestrator.Client;

namespace Orchestrator.Cli.CommandLine;

/// <summary>
/// A command: it does its work, and this base turns every way to fail into a sentence and an exit code.
/// </summary>
internal abstract class CliCommand : Command
{
    private readonly CommandFrame _frame;

    protected CliCommand(string name, string description, CommandFrame frame) : base(name, description)
    {
        _frame = frame;
        SetAction(InvokeAsync);
    }

    /// <summary>Does the work and returns the exit code.</summary>
    /// <exception cref="CliException">An expected failure.</exception>
    /// <exception cref="OrchestratorException">The control plane refused, or did not answer.</exception>
    protected abstract Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken);

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var error = _frame.Environment.Error;
        try
        {
            var context = new CommandContext(_frame, parsed);
            await using (context.ConfigureAwait(false))
            {
                return await RunAsync(context, cancellationToken).ConfigureAwait(false);
            }
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
            await error.WriteLineAsync(ClientFailure.Sentence(failure)).ConfigureAwait(false);
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
