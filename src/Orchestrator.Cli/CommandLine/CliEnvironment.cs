namespace Orchestrator.Cli.CommandLine;

/// <summary>
/// Everything outside the process that a command reads or writes, so that tests can run commands in-process.
/// </summary>
internal sealed record CliEnvironment
{
    /// <summary>Standard output: what was asked for.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: words about it.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard output for bytes that pass through unchanged, such as logs.</summary>
    public required Stream RawOut { get; init; }

    /// <summary>True when a person looks at standard output; otherwise there are no boxes and no colours.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Absolute path against which relative ones are resolved.</summary>
    public required string CurrentFolder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static CliEnvironment OfThisProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        RawOut = Console.OpenStandardOutput(),
        IsTerminal = !Console.IsOutputRedirected,
        Variable = Environment.GetEnvironmentVariable,
        CurrentFolder = Environment.CurrentDirectory,
    };

    /// <summary>An environment variable that counts only when it says something.</summary>
    public string? NonEmptyVariable(string name) => Variable(name) is { Length: > 0 } value ? value : null;
}
