using System.Text.RegularExpressions;

namespace Orchestrator.Domain.Jobs;

/// <summary>Checks a job before it is accepted.</summary>
public static partial class JobSpecCheck
{
    /// <summary>A store in a bucket, and not in a folder.</summary>
    /// <param name="store">The store as the job names it.</param>
    /// <returns>Whether it begins with s3://.</returns>
    public static bool IsBucket(string store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.StartsWith("s3://", StringComparison.Ordinal);
    }

    /// <summary>Every problem of a job, each with its key and what is allowed.</summary>
    /// <param name="spec">The job.</param>
    /// <returns>Sentences; empty when the job can be accepted.</returns>
    public static IReadOnlyList<string> Problems(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var problems = new List<string>();
        void Require(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }

        Require(NamePattern().IsMatch(spec.Name),
            $"name: '{spec.Name}' must be 1 to {Limits.JobNameLength} lower-case letters, digits and '-', "
            + "and begin with a letter or digit.");
        Require(spec.Nodes is > 0 and <= Limits.GangNodes, $"nodes: must be 1 to {Limits.GangNodes}.");
        Require(spec.RanksPerNode is > 0 and <= Limits.RanksPerNode,
            $"ranksPerNode: must be 1 to {Limits.RanksPerNode}.");
        Require(spec.Command.Length > 0 && spec.Command[0].Length > 0, "command: must name a program.");
        Require(IsAbsolute(spec.WorkingDirectory), "workingDirectory: must be an absolute path on the hosts.");
        problems.AddRange(CheckpointCheck.Problems(spec));
        Require(spec.StopAfterNoProgress > 0, "recovery.stopAfterNoProgress: must be at least 1.");
        Require(spec.StopGrace >= TimeSpan.Zero && spec.StopGrace <= TimeSpan.FromHours(1),
            "recovery.stopGrace: must be 0 s to 1 h.");
        Require(spec.Lease >= TimeSpan.FromSeconds(3) && spec.Lease <= TimeSpan.FromHours(1),
            "recovery.lease: must be 3 s to 1 h.");
        problems.AddRange(CommandCheck.Problems(spec));
        problems.AddRange(ProgressCheck.Problems(spec.Progress));
        problems.AddRange(StandbyCheck.Problems(spec));
        return problems;
    }

    /// <summary>On the hosts, which run Linux, wherever this is checked.</summary>
    internal static bool IsAbsolute(string path) => path.StartsWith('/');

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
