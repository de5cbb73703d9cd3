namespace Orchestrator.Agent.Tests.Damage;

/// <summary>What may happen to a checkpoint after it was committed.</summary>
internal enum DamageKind
{
    /// <summary>A file ends early.</summary>
    CutShort,

    /// <summary>One bit of one byte is another.</summary>
    FlippedBit,

    /// <summary>A file is there and holds nothing.</summary>
    EmptyFile,

    /// <summary>A file is gone.</summary>
    FileMissing,

    /// <summary>A whole shard is gone.</summary>
    ShardMissing,

    /// <summary>A file lies in the shard that nobody sealed.</summary>
    StrangerInShard,

    /// <summary>The manifest names a file outside of its job, with the right size and hash.</summary>
    ManifestLeavesItsJob,

    /// <summary>A shard holds what the same rank saved for an earlier checkpoint.</summary>
    OlderContent,

    /// <summary>A file is damaged after the prepare has read it, before the ranks do.</summary>
    AfterThePrepare,
}
