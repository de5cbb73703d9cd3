using Orchestrator.Agent;
using Orchestrator.Agent.Options;

var commandLine = new AgentCommandLine();
if (commandLine.Parse(args) is not { } options)
{
    foreach (var error in commandLine.Errors)
        await Console.Error.WriteLineAsync(error);
    await Console.Error.WriteLineAsync(AgentCommandLine.Usage);
    return 2;
}

return await AgentHost.RunAsync(options);
