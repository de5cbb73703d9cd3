using Orchestrator.Domain;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Hosts;

/// <summary>Checkpoints in the memory of hosts: held, copied to another host, uploaded, restored, and lost.</summary>
internal sealed class MemoryTier(VirtualWorld world)
{
    private const int CopyTries = 5;

    public static string AddressOf(Host host) => $"{host.Address}:7073";

    /// <summary>A rank has saved: its host holds the shard, and its partner a moment later.</summary>
    public void Saved(RankProcess rank, Shard shard, int expected)
    {
        var stored = world.Shards.Find(shard.Path)!;
        stored.Expected = expected;
        var held = new ShardReport(rank.Attempt, stored.Step, shard with
        {
            IsDurable = false,
            Holders = [HolderOf(rank.Host)],
            Unreplicated = rank.Partner is null ? new Reason("no_other_host", "The gang has no other host.") : null,
        }, expected);
        rank.Host.Agent.Tell(new ShardStored(rank.Job, held, default));
        if (rank.Partner is { } partner)
        {
            Copy(rank.Host, rank.Job, held, world.Host(partner), CopyTries);
        }
    }

    /// <summary>An agent brings what it holds of a checkpoint to the store, or says why it never will.</summary>
    public void Upload(Host host, string job, CheckpointId checkpoint)
    {
        foreach (var (path, stored) in world.Shards.OwnedBy(host, job, checkpoint))
        {
            stored.IsInStore |= !stored.IsDamaged;
            Tell(host, job, path, stored, stored.IsInStore ? null : new Reason("shard_hash_differs", "Copies differ."));
        }
    }

    /// <summary>A rank that starts looks for its part; without one in any tier it says so, and ends.</summary>
    public void Restore(RankProcess rank, CheckpointManifest part)
    {
        var shard = part.Shards.FirstOrDefault(shard => shard.Rank == rank.Rank) ?? part.Shards[0];
        world.Agenda.In(world.Chance.Between(0.05, 1.5), "restored", rank.Host.Name, () =>
        {
            if (!rank.IsComputing || rank.Host.IsPaused)
            {
                return;
            }

            var stored = world.Shards.Find(shard.Path)!;
            if (stored.IsWithinReachOf(rank.Host))
            {
                stored.HoldIn(rank.Host);
                Tell(rank.Host, rank.Job, shard.Path, stored);
                return;
            }

            // An agent that dies before this is heard leaves only the rank's own end.
            world.Watch.OwnFault(rank.Job, rank.Attempt);
            rank.Host.Agent.Tell(new RestoreFailed(
                rank.Job,
                new RestoreFault(rank.Attempt, part.Id, new Reason("no_good_copy", "No tier has it.")),
                default));
            rank.Host.End(rank, Exits.Crash);
        });
    }

    private void Copy(Host from, string job, ShardReport held, Host to, int tries)
    {
        var boots = from.Boots;
        world.Agenda.In(world.Chance.Between(0.02, 1), "copied", from.Name, () =>
        {
            var stored = world.Shards.Find(held.Shard.Path)!;
            if (boots != from.Boots || !from.CanCompute || stored.IsDeleted)
            {
                return;
            }

            if (to.CanAnswer && from.CanAnswer && Network.Reaches(from, to))
            {
                stored.HoldIn(to);
                from.Agent.Tell(new ShardStored(job, held with
                {
                    Shard = held.Shard with { Holders = [.. held.Shard.Holders, HolderOf(to)] },
                }, default));
            }
            else if (tries > 1)
            {
                Copy(from, job, held, to, tries - 1);
            }
        });
    }

    private static void Tell(Host host, string job, string path, StoredShard stored, Reason? damage = null) =>
        host.Agent.Tell(new ShardStored(
            job,
            new ShardReport(stored.Attempt, stored.Step, new Shard(stored.Rank, path, [])
            {
                IsDurable = stored.IsInStore,
                Holders = [HolderOf(host)],
                Damage = damage,
            }, stored.Expected),
            default));

    private static Holder HolderOf(Host host) => new(host.Name, AddressOf(host));
}
