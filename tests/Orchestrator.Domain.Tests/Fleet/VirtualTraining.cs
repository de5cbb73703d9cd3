using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>
/// Synchronous training: it advances only when every rank of one attempt runs and reaches the others.
/// </summary>
internal static class VirtualTraining
{
    /// <summary>A script that has made so many steps ends with success.</summary>
    public const int Goal = 30;

    /// <summary>Every rank makes a step, where the gang is whole.</summary>
    public static void Step(this VirtualFleet fleet, string job)
    {
        if (WholeGang(fleet, job) is not { } gang)
        {
            return;
        }

        foreach (var (host, rank) in gang)
        {
            rank.Advance();
            if (rank.FirstStep is null)
            {
                rank.FirstStep = rank.Step;
                host.Tell(new FirstStepFinished(
                    job, rank.Attempt, rank.Rank, rank.Step, fleet.Clock.Now, default));
            }

            if (host.CanTalk && host.Stream is { IsOpen: true })
            {
                fleet.Job(job).SeeStep(rank.Attempt, rank.Step);
            }
        }

        foreach (var (host, rank) in gang.Where(entry => entry.Rank.Step >= Goal))
        {
            host.End(rank, AnExit.Clean);
        }
    }

    /// <summary>Every rank stores its shard, where the gang is whole.</summary>
    public static void Save(this VirtualFleet fleet, string job)
    {
        foreach (var (host, rank) in WholeGang(fleet, job) ?? [])
        {
            var shard = new Shard(rank.Rank, $"{rank.Attempt}/{rank.Step}/{rank.Rank}", []);
            host.Tell(new ShardStored(job, new ShardReport(rank.Attempt, rank.Step, shard, rank.WorldSize), default));
        }
    }

    /// <summary>A rank's script fails.</summary>
    public static void Crash(this VirtualHost host)
    {
        if (host.Running.FirstOrDefault() is { } rank)
        {
            host.End(rank, AnExit.Crash());
        }
    }

    /// <summary>Ranks that miss another one fail, each with the words of its communication library.</summary>
    public static void Cascade(this VirtualFleet fleet)
    {
        foreach (var host in fleet.Hosts.Where(host => host.IsUp))
        {
            foreach (var rank in host.Running.ToArray())
            {
                var running = Everywhere(fleet, rank.Job).Where(entry => entry.Rank.Attempt == rank.Attempt).ToArray();
                var isStarting = running.Any(entry => entry.Rank.FirstStep is null);
                var isMissing = running.Count(entry => entry.Rank.IsRunning) < rank.WorldSize;
                if (!isStarting && isMissing)
                {
                    host.End(rank, AnExit.LostPeer());
                }
            }
        }
    }

    private static (VirtualHost Host, VirtualRank Rank)[]? WholeGang(VirtualFleet fleet, string job) =>
        Everywhere(fleet, job)
            .Where(entry => entry.Rank.IsRunning && !entry.Host.IsCutOff)
            .GroupBy(entry => entry.Rank.Attempt)
            .Where(attempt => attempt.Count() == attempt.First().Rank.WorldSize)
            .MaxBy(attempt => attempt.Key)?
            .ToArray();

    private static IEnumerable<(VirtualHost Host, VirtualRank Rank)> Everywhere(VirtualFleet fleet, string job) =>
        fleet.Hosts.Where(host => host.IsUp)
            .SelectMany(host => host.Ranks.Where(rank => rank.Job == job).Select(rank => (host, rank)));
}
