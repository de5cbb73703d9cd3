using Orchestrator.Cli.CommandLine;

return await Orch.RunAsync(args, CliEnvironment.OfThisProcess()).ConfigureAwait(false);
