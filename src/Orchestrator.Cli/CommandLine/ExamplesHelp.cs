using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Orchestrator.Cli.CommandLine;

/// <summary>The help of a command, followed by its examples.</summary>
internal sealed class ExamplesHelp(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    /// <summary>Puts examples below the help of every command of a tree.</summary>
    public static void AddTo(RootCommand root)
    {
        // The library's own one has aliases of another system, which completion would offer.
        var position = root.Options.IndexOf(root.Options.OfType<HelpOption>().Single());
        var option = new HelpOption("--help", "-h");
        if (option.Action is SynchronousCommandLineAction help)
            option.Action = new ExamplesHelp(help);
        root.Options[position] = option;
    }

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CliCommand { Examples.Count: > 0 } command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
                output.WriteLine($"  orch {example}");
        }

        return exitCode;
    }
}
