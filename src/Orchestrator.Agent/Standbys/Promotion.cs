using System.Text.Json;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Standbys;

/// <summary>Makes a standby the rank that a launch asks for.</summary>
internal sealed class Promotion(
    StateFolder state,
    StandbyStarter starter,
    StandbyTable standbys,
    StandbyEnds ends,
    RankTable ranks,
    TimeProvider time,
    ILogger<Promotion> log)
{
    private const string ToldName = "environment.json";

    /// <summary>The rank, running; null where no standby is ready for it, so that it has to be started.</summary>
    /// <param name="spec">The rank.</param>
    /// <param name="launch">The launch that asks for it.</param>
    /// <param name="environment">What the rank is to find in its environment.</param>
    public TrackedRank? TryStart(RankSpec spec, Launch launch, IReadOnlyDictionary<string, string> environment)
    {
        if (launch.StandbyImports.Count == 0)
            return null;
        Standby? standby = null;
        try
        {
            standby = standbys.Take(spec.JobId, starter.PlanOf(launch));
            return standby is null ? null : Promote(standby, spec, environment);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whether the rank can be started in the usual way is for that way to find out.
            if (standby is null)
                log.LogWarning("The standbys of {Job} cannot be read: {Reason}", spec.JobId, exception.Message);
            else
                ends.Drop(standby, $"it cannot become {spec.Key}: {exception.Message}");
            return null;
        }
    }

    // An agent that dies before the rename leaves a standby, which the next one ends; one that dies after it leaves a
    // rank, which the next one adopts. That rank ends by itself if it was not called yet.
    private TrackedRank Promote(Standby standby, RankSpec spec, IReadOnlyDictionary<string, string> environment)
    {
        var own = spec with { StartedIn = standby.Folder.Path };
        var place = RankFolder.Of(state, spec.Key);
        var begin = standby.Folder.WriteBegin(own);
        File.WriteAllText(
            Path.Combine(standby.Folder.Path, ToldName),
            JsonSerializer.Serialize(standby.Plan.ChangesTo(environment)));
        File.Delete(standby.ReadyFile);
        Directory.CreateDirectory(Path.GetDirectoryName(place.Path)!);
        Directory.Move(standby.Folder.Path, place.Path);
        var rank = new TrackedRank(own, place, isOfThisBoot: true) { Supervisor = standby.Supervisor };
        rank.Restore(begin);
        // In this order: whoever meets its process must find it in one of the two.
        ranks.Add(rank);
        standbys.Remove(standby);
        Call(standby, rank);
        return rank;
    }

    private void Call(Standby standby, TrackedRank rank)
    {
        try
        {
            standby.Call(Path.Combine(rank.Folder.Path, ToldName));
            log.LogInformation("{Standby} becomes {Rank}, {Seconds} s old",
                standby, rank.Key, (long)time.GetElapsedTime(standby.StartedAt).TotalSeconds);
        }
        catch (IOException exception)
        {
            // It ends as the pipe does, and its end is told as that of every rank.
            log.LogError("{Rank} could not be called: {Reason}", rank.Key, exception.Message);
        }
        finally
        {
            standby.Dispose();
        }
    }
}
