using Orchestrator.Agent.Progress;
using Orchestrator.Checkpoints.Durable;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Finds what would make a launch fail or mean something else than it says.</summary>
internal static class LaunchCheck
{
    private const uint ShortestLeaseMilliseconds = 100;

    /// <summary>One sentence about the first fault, or null.</summary>
    public static string? Fault(Launch launch)
    {
        if (launch.Ranks.Count == 0)
            return "The launch names no rank.";
        if (launch.Ranks.Select(slot => slot.Rank).Distinct().Count() != launch.Ranks.Count)
            return "The launch names a rank twice.";
        if (launch.Command.Count == 0 || launch.Command[0].Length == 0)
            return "The launch has no program to start.";
        if (!Path.IsPathFullyQualified(launch.WorkingDirectory))
            return $"The working directory '{launch.WorkingDirectory}' is not an absolute path.";
        if (launch.LeaseMs < ShortestLeaseMilliseconds)
            return $"The lease of {launch.LeaseMs} ms is shorter than {ShortestLeaseMilliseconds} ms.";
        // Ranks cannot write into a bucket themselves.
        if (launch.Store.Length > 0 && !Path.IsPathFullyQualified(launch.Store)
            && !(launch.KeepsInMemory && DurableStores.IsBucket(launch.Store)))
            return $"The checkpoint store '{launch.Store}' is neither an absolute path nor a bucket behind memory.";
        if (launch.Resume is not null && launch.Store.Length == 0)
            return "The launch resumes from a checkpoint but names no store.";
        if (launch.Resume?.Shards.GroupBy(shard => shard.Rank).Any(shards => shards.Count() > 1) == true)
            return $"The checkpoint of step {launch.Resume.Step} lists two shards of one rank.";
        if ((ProgressFault(launch.Progress) ?? WatchFault(launch)) is { } fault)
            return fault;
        return launch.Command.Concat(launch.Environment.Values).Any(text => text.Contains('\0'))
            ? "The command or the environment holds a zero byte, which no process can be given."
            : BadVariable(launch);
    }

    private static string? ProgressFault(ProgressPolicy? policy)
    {
        if (policy is { From: ProgressSource.File, Path: "" })
            return "The launch takes progress from a file and names none.";
        if (policy is { From: ProgressSource.Log, Pattern: "" })
            return "The launch takes progress from the log and has no pattern.";
        try
        {
            _ = ProgressRule.Compile(policy?.Pattern ?? "");
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return $"The progress pattern '{policy!.Pattern}' cannot be used: {exception.Message}";
        }
    }

    private static string? WatchFault(Launch launch)
    {
        if (launch.Watch.Length == 0)
            return null;
        if (launch.Store.Length == 0)
            return $"The launch watches '{launch.Watch}' but names no store.";
        return launch.Watch.Contains('\0')
            || Path.GetFileName(Path.GetFullPath(launch.Watch, launch.WorkingDirectory)).Length == 0
            ? $"The watched path '{launch.Watch}' names no file."
            : null;
    }

    private static string? BadVariable(Launch launch)
    {
        var name = launch.Environment.Keys.FirstOrDefault(key =>
            key.Length == 0 || char.IsAsciiDigit(key[0]) || key.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'));
        return name is null
            ? null
            : $"The environment variable '{name}' is not made of letters, digits and '_', so no shell passes it on.";
    }
}
