namespace Orchestrator.Cli.Completion;

/// <summary>Shells that orch has a completion script for.</summary>
internal enum Shell
{
    Bash,
    Zsh,
    Fish,
}
