using System.ComponentModel;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development.Processes;

/// <summary>Starts programs that outlive <c>orch</c> and its terminal.</summary>
internal static class DetachedProcess
{
    private const int ReadOnly = 0;
    private const int AppendCreate = 0x1 | 0x40 | 0x400;
    private const uint OwnerWritesAllRead = 0b110_100_100;

    /// <summary>
    /// Starts a program in a session of its own, with no input and all output appended to a file.
    /// </summary>
    /// <param name="program">Absolute path.</param>
    /// <param name="arguments">Without the program itself.</param>
    /// <param name="environment">Added to this process's own; a null value removes the variable.</param>
    /// <param name="workingFolder">Absolute path of a folder that lives as long as the program.</param>
    /// <param name="logFile">Absolute path; created where missing.</param>
    public static ProcessIdentity Start(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?> environment,
        string workingFolder,
        string logFile)
    {
        using var actions = new SpawnActions();
        actions.OpenAs(0, "/dev/null", ReadOnly, 0);
        actions.OpenAs(1, logFile, AppendCreate, OwnerWritesAllRead);
        actions.DuplicateAs(1, 2);
        actions.ChangeFolder(workingFolder);
        using var attributes = new SpawnAttributes();
        attributes.OwnSessionWithDefaultSignals();
        using var argumentVector = new NativeStrings([program, .. arguments]);
        using var environmentVector = new NativeStrings(Merge(environment));

        var error = SpawnCalls.Spawn(
            out var pid, program, actions.Handle, attributes.Handle, argumentVector.Handle, environmentVector.Handle);
        if (error != 0)
            throw new CliException(ExitCode.Failed, $"{program} does not start: {new Win32Exception(error).Message}.");
        return ProcessTable.Identify(pid) ?? new ProcessIdentity(pid, 0);
    }

    private static string[] Merge(IReadOnlyDictionary<string, string?> changes)
    {
        var merged = new Dictionary<string, string?>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            merged[(string)entry.Key] = (string?)entry.Value;
        foreach (var (name, value) in changes)
            merged[name] = value;
        return merged.Where(entry => entry.Value is not null).Select(entry => $"{entry.Key}={entry.Value}").ToArray();
    }
}
