using System.CommandLine;

namespace Orchestrator.Cli.CommandLine;

/// <summary>Options that every command understands.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Server { get; } = new("--server")
    {
        Description = "Address of the control plane, e.g. http://127.0.0.1:7070; of several silos: all, with commas",
        HelpName = "URL[,URL]",
        Recursive = true,
    };

    public Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "human: for people. json: standard output is data only, as protobuf's JSON.",
        HelpName = "human|json",
        Recursive = true,
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Folder of the development cluster. Default: ORCHESTRATOR_DATA, else the user's state folder.",
        HelpName = "DIR",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        Output.CompletionSources.Clear();
        Output.CompletionSources.Add("human", "json");
        root.Add(Server);
        root.Add(Output);
        root.Add(Data);
    }
}
