namespace Orchestrator.Cli.CommandLine;

/// <summary>What every command is built with.</summary>
/// <param name="Environment">Where to read and write.</param>
/// <param name="Globals">Options that every command understands.</param>
internal sealed record CommandFrame(CliEnvironment Environment, GlobalOptions Globals);
