using System.CommandLine;
using Orchestrator.Cli.Development;
using Orchestrator.Cli.Output;
using Orchestrator.Client;

namespace Orchestrator.Cli.CommandLine;

/// <summary>One invocation of one command: its options, its output, and a client when it asks for one.</summary>
internal sealed class CommandContext : IAsyncDisposable
{
    private readonly GlobalOptions _globals;
    private ServerChoice? _server;
    private OrchestratorClient? _client;

    public CommandContext(CommandFrame frame, ParseResult parsed)
    {
        Environment = frame.Environment;
        Parsed = parsed;
        _globals = frame.Globals;
        Human = new HumanOutput(Environment);
        Json = new JsonOutput(Environment.Out);
    }

    public CliEnvironment Environment { get; }

    public ParseResult Parsed { get; }

    public HumanOutput Human { get; }

    public JsonOutput Json { get; }

    public bool IsJson => Parsed.GetValue(_globals.Output) == OutputFormat.Json;

    /// <summary>Folder of the development cluster.</summary>
    public DataFolder Data => DataFolder.Choose(Parsed.GetValue(_globals.Data), Environment);

    /// <summary>The folder is found without an option.</summary>
    public bool IsDefaultData => Data == DataFolder.Choose(null, Environment);

    /// <summary>Where the control plane of this invocation should be.</summary>
    public ServerChoice Server =>
        _server ??= ServerAddress.Choose(Parsed.GetValue(_globals.Server), Data, Environment);

    /// <summary>The control plane that this invocation speaks to.</summary>
    public OrchestratorClient Client => _client ??= new OrchestratorClient(Server.Addresses);

    /// <summary>
    /// Words for a person that are not the answer itself; with <c>-o json</c> they go to standard error.
    /// </summary>
    public void Say(string sentence) => (IsJson ? Environment.Error : Environment.Out).WriteLine(sentence);

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;
}
