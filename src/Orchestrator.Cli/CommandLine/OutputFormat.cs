namespace Orchestrator.Cli.CommandLine;

/// <summary>Whom standard output is for.</summary>
internal enum OutputFormat
{
    Human,
    Json,
}
