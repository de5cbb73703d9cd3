using System.Collections.Immutable;
using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Jobs;

/// <summary>The record of one job: what it wants of its gang, and what it knows of it.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.JobState")]
public sealed record JobState
{
    /// <summary>Version of the stored form.</summary>
    [Id(0)] public int SchemaVersion { get; init; } = 1;

    /// <summary>Its id; empty before the submission.</summary>
    [Id(1)] public string Id { get; init; } = "";

    /// <summary>What the user asked for; null before the submission.</summary>
    [Id(2)] public JobSpec? Spec { get; init; }

    /// <summary>Where it is in its life.</summary>
    [Id(3)] public JobPhase Phase { get; init; }

    /// <summary>Why: what it waits for, or how it ended.</summary>
    [Id(4)] public Reason Reason { get; init; } = new("not_submitted", "Not submitted.");

    /// <summary>Launches of the gang so far; stored before any order of it.</summary>
    [Id(5)] public int Attempt { get; init; }

    /// <summary>Rises with each checkpoint tried for the same attempt.</summary>
    [Id(6)] public int PrepareRound { get; init; }

    /// <summary>When it was submitted, for display and for its place in the queue.</summary>
    [Id(7)] public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    [Id(8)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Its nodes, by position.</summary>
    [Id(9)] public ImmutableArray<GangMember> Gang { get; init; } = [];

    /// <summary>Leases still to give back.</summary>
    [Id(10)] public ImmutableArray<HeldLease> ToRelease { get; init; } = [];

    /// <summary>Rendezvous port of the attempt; 0 before it was prepared.</summary>
    [Id(11)] public int Port { get; init; }

    /// <summary>Its checkpoints.</summary>
    [Id(12)] public CheckpointCatalogue Checkpoints { get; init; } = CheckpointCatalogue.Empty;

    /// <summary>What the attempt resumes from; null when from nothing.</summary>
    [Id(13)] public CheckpointManifest? ResumeFrom { get; init; }

    /// <summary>Open incidents and the newest closed ones, newest last.</summary>
    [Id(14)] public ImmutableArray<Incident> Incidents { get; init; } = [];

    /// <summary>Incidents so far.</summary>
    [Id(15)] public int IncidentCount { get; init; }

    /// <summary>Attempts in a row that failed by the job's own fault without progress.</summary>
    [Id(16)] public int FruitlessAttempts { get; init; }

    /// <summary>Highest step that any ended attempt reached.</summary>
    [Id(17)] public long BestStep { get; init; }

    /// <summary>Step of the newest checkpoint when the last attempt ended.</summary>
    [Id(18)] public long BestCheckpoint { get; init; }

    /// <summary>When the state has lasted as long as it may; re-armed after a reload.</summary>
    [Id(19)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>Node of the rank that crashed in the last failed attempt; null when it failed otherwise.</summary>
    [Id(20)] public string? LastCrashNode { get; init; }

    /// <summary>
    /// Attempts in a row that ended without a new step or checkpoint, for another reason than a lost host or device.
    /// </summary>
    [Id(21)] public int BarrenAttempts { get; init; }

    /// <summary>
    /// The last words of the rank whose own fault ended the job, with the whole traceback; empty when none did.
    /// </summary>
    [Id(22)] public string FailureText { get; init; } = "";

    /// <summary>
    /// Where its time went, from its submission on. Null in a record that was stored before there were ledgers; then it
    /// begins with the job's next decision.
    /// </summary>
    [Id(23)] public Ledger? Ledger { get; init; }

    /// <summary>
    /// When ranks save that leave it to Orchestrator; null where they decide, and before it is known.
    /// </summary>
    [Id(24)] public SavePlan? SavePlan { get; init; }

    /// <summary>When <see cref="SavePlan"/> was last changed; null before the first.</summary>
    [Id(25)] public DateTimeOffset? SavePlannedAt { get; init; }

    /// <summary>
    /// What the newest committed checkpoints cost, in milliseconds, newest last: see <see cref="SaveCosts"/>.
    /// </summary>
    [Id(26)] public ImmutableArray<int> SaveCostsMs { get; init; } = [];

    /// <summary>
    /// Incidents that do not tell how often training fails: drains, and failures of attempts that trained nothing. 0 in
    /// a record that was stored before they were told apart; then all of them count.
    /// </summary>
    [Id(27)] public int OtherIncidents { get; init; }

    /// <summary>
    /// A person's wish that the next attempt resumes from an earlier checkpoint; null when there is none.
    /// </summary>
    [Id(30)] public Rewind? Rewind { get; init; }

    /// <summary>All ranks of the current attempt.</summary>
    public IEnumerable<RankStatus> Ranks => Gang
        .SelectMany(member => member.Report?.Ranks ?? [])
        .Where(rank => rank.Attempt == Attempt);

    /// <summary>The incident that is being handled; null when there is none.</summary>
    public Incident? OpenIncident => Incidents.LastOrDefault(incident => incident.IsOpen);
}
