using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Agent.Commands;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Watching;

/// <summary>Fills in what a job's resume command asks for.</summary>
internal static partial class ResumeWords
{
    /// <summary>The launch with the command of one rank; the same launch where nothing is to be filled in.</summary>
    public static Launch For(Launch launch, uint rank)
    {
        if (!launch.IsResumeCommand || launch.Resume is not { Shards.Count: > 0 } resume)
            return launch;
        var step = resume.Step.ToString(CultureInfo.InvariantCulture);
        var file = Manifests.ShardFor(resume, rank).Files.FirstOrDefault()?.Name;
        var path = launch.Watch.Length > 0 && file is not null ? WatchRule.PatternOf(launch, rank).PathOf(file) : "";
        var filled = launch.Clone();
        filled.Command.Clear();
        filled.Command.AddRange(launch.Command.Select(word => Placeholder().Replace(
            word, match => match.ValueSpan is "{step}" ? step : path)));
        return filled;
    }

    /// <summary>
    /// The launch as its standbys are started: with the words of its ranks, and without standbys where each rank has
    /// words of its own, because a standby does not know yet which rank it becomes.
    /// </summary>
    public static Command ForStandbys(Command command)
    {
        var launches = command.Launch.Ranks.Select(slot => For(command.Launch, slot.Rank)).ToArray();
        var shared = command.Clone();
        if (launches.All(launch => launch.Command.Equals(launches[0].Command)))
            shared.Launch = launches[0].Clone();
        else
            shared.Launch.StandbyImports.Clear();
        return shared;
    }

    // "${step}" is a shell's own.
    [GeneratedRegex(@"(?<!\$)\{(?:checkpoint|step)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
