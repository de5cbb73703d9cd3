using System.CommandLine;
using System.CommandLine.Invocation;
using Orchestrator.Cli.Checkpoints;
using Orchestrator.Cli.Completion;
using Orchestrator.Cli.ControlPlane;
using Orchestrator.Cli.Development;
using Orchestrator.Cli.Events;
using Orchestrator.Cli.Incidents;
using Orchestrator.Cli.Jobs;
using Orchestrator.Cli.Jobs.Logs;
using Orchestrator.Cli.Nodes;

namespace Orchestrator.Cli.CommandLine;

/// <summary>The command line of <c>orch</c>, as a whole.</summary>
internal static class Orch
{
    private const string Description =
        """
        orch - keeps large training jobs running when hosts die

        Exit codes:
          0    it worked
          1    the job ended badly (submit --wait, job --watch), a checkpoint is not good (checkpoint verify)
          2    wrong usage, or a wrong job file
          3    not found
          4    refused
          5    control plane unreachable
          6    something else failed; the message says what
          130  interrupted (Ctrl-C)

        The control plane is found by --server, else the environment's ORCHESTRATOR_SERVER, else the development
        cluster of --data or ORCHESTRATOR_DATA or the default folder, else http://127.0.0.1:7070.
        """;

    /// <summary>Runs one command line and returns its exit code.</summary>
    /// <param name="arguments">As given by the shell, without the program's name.</param>
    /// <param name="environment">Where to read and write.</param>
    public static Task<int> RunAsync(string[] arguments, CliEnvironment environment) =>
        RunAsync(arguments, environment, CancellationToken.None);

    /// <inheritdoc cref="RunAsync(string[], CliEnvironment)"/>
    public static async Task<int> RunAsync(
        string[] arguments, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var parsed = CreateRoot(environment).Parse(arguments);
        // Help and completion have an answer to a command line that is not whole yet.
        var complaint = parsed.Action as ParseErrorAction;
        var isWrong = complaint is not null;
        if (complaint is not null)
            complaint.ShowHelp = arguments.Length == 0;
        var configuration = new InvocationConfiguration
        {
            // Standard output is for data; what is wrong with the command line is none.
            Output = isWrong ? environment.Error : environment.Out,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
        };
        var exitCode = await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        if (!isWrong)
            return exitCode;
        await environment.Error.WriteLineAsync("Add --help to see what is allowed.").ConfigureAwait(false);
        return ExitCode.BadUsage;
    }

    /// <summary>The whole tree of commands.</summary>
    public static RootCommand CreateRoot(CliEnvironment environment)
    {
        var globals = new GlobalOptions();
        var frame = new CommandFrame(environment, globals);
        var root = new RootCommand(Description)
        {
            new SubmitCommand(frame),
            new JobsCommand(frame),
            new JobCommand(frame),
            new LogsCommand(frame),
            new CancelCommand(frame),
            new CheckpointsCommand(frame),
            CheckpointCommands.Create(frame),
            new NodesCommand(frame),
            new NodeCommand(frame),
            new DrainCommand(frame),
            new ResumeCommand(frame),
            new PoolsCommand(frame),
            new IncidentsCommand(frame),
            new IncidentCommand(frame),
            new EventsCommand(frame),
            new StatusCommand(frame),
            DevCommands.Create(frame),
            new CompletionCommand(frame),
            new VersionCommand(frame),
        };
        globals.AddTo(root);
        ExamplesHelp.AddTo(root);
        return root;
    }
}
