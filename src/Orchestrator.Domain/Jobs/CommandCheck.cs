using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Domain.Jobs;

/// <summary>
/// Checks what a job's processes are started with. What hosts would refuse at every launch is refused here, once.
/// </summary>
public static partial class CommandCheck
{
    /// <summary>Beginning of the variables that the agent alone sets.</summary>
    public const string ReservedPrefix = "ORCHESTRATOR_";

    /// <summary>Variables that make a process this rank of this attempt: the agent sets them, not the job.</summary>
    public static readonly ImmutableSortedSet<string> ReservedNames = ImmutableSortedSet.Create(
        StringComparer.Ordinal,
        "RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "GROUP_RANK", "GROUP_WORLD_SIZE", "ROLE_RANK",
        "ROLE_WORLD_SIZE", "ROLE_NAME", "MASTER_ADDR", "MASTER_PORT", "TORCHELASTIC_RUN_ID",
        "TORCHELASTIC_RESTART_COUNT", "TORCHELASTIC_MAX_RESTARTS", "TORCHELASTIC_ERROR_FILE");

    /// <summary>Every problem of a job's command, folders and environment.</summary>
    /// <param name="spec">The job.</param>
    /// <returns>Sentences, each with its key; empty when there is none.</returns>
    public static IEnumerable<string> Problems(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var variables = spec.Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal).ToArray();
        var assignments = variables.Select(variable => $"{variable.Key}={variable.Value}").ToArray();
        var resume = spec.ResumeCommand.IsDefault ? [] : spec.ResumeCommand;
        return
        [
            .. Texts("command", spec.Command),
            .. Texts("resumeCommand", resume),
            .. Texts("workingDirectory", [spec.WorkingDirectory]),
            .. Texts("checkpoint.store", [spec.CheckpointStore]),
            .. Texts("checkpoint.watch", [spec.Watch]),
            .. variables.Select(variable => NameProblem(variable.Key)).OfType<string>(),
            .. Texts("environment", assignments),
            .. Total("command", [.. spec.Command, .. assignments]),
            .. resume.IsEmpty ? [] : Total("resumeCommand", [.. resume, .. assignments]),
        ];
    }

    private static string? NameProblem(string name) => name switch
    {
        _ when !Name().IsMatch(name) =>
            $"environment: the name '{name}' must be letters, digits and '_', and not begin with a digit.",
        _ when ReservedNames.Contains(name) || name.StartsWith(ReservedPrefix, StringComparison.Ordinal) =>
            $"environment: '{name}' is set for each rank by the agent; leave it out.",
        _ => null,
    };

    private static IEnumerable<string> Texts(string key, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                yield return $"{key}: '{Beginning(text)}' holds a zero byte, which no process can be given.";
            }

            if (Encoding.UTF8.GetByteCount(text) > Limits.ArgumentBytes)
            {
                yield return $"{key}: '{Beginning(text)}' is longer than {Limits.ArgumentBytes:N0} bytes; "
                    + "put it into a file.";
            }
        }
    }

    private static IEnumerable<string> Total(string key, string[] texts) =>
        texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)) > Limits.CommandBytes
            ? [$"{key}: with the environment it is longer than {Limits.CommandBytes:N0} bytes; put it into a file."]
            : [];

    private static string Beginning(string text)
    {
        const int Shown = 40;
        var printable = text.Replace('\0', ' ');
        return printable.Length <= Shown ? printable : printable[..Shown] + "…";
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
