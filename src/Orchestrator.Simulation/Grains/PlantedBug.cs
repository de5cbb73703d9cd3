namespace Orchestrator.Simulation.Grains;

/// <summary>Mistakes that the shells around the rules make on request: each must be found by its checker.</summary>
internal enum PlantedBug
{
    None,

    /// <summary>Hosts obey orders of older leases.</summary>
    SkipLeaseNumber,

    /// <summary>Grains send first and store afterwards.</summary>
    ActBeforeWrite,

    /// <summary>A node sends an order once and never again.</summary>
    ForgetPendingCommand,

    /// <summary>A node gives a lease although it has given one.</summary>
    DoubleLease,

    /// <summary>A host says that a checkpoint is whole without reading it.</summary>
    ResumeUnverified,

    /// <summary>After a write of unknown outcome a job judges the same failure again.</summary>
    CountCauseTwice,

    /// <summary>A node takes what is said about an old session as said about its newest.</summary>
    LateLoss,

    /// <summary>Lifting one owner's cordon lifts them all.</summary>
    LiftForeignCordon,

    /// <summary>A host that is cut off computes on after the end of its leases.</summary>
    IgnoreLeaseEnd,

    /// <summary>A node calls its host lost when contact is lost, without waiting for the end of its lease.</summary>
    ActAtOnce,

    /// <summary>Nodes call silent hosts lost although most of the fleet is silent.</summary>
    ActUnheard,

    /// <summary>A host believes the first other that hears nothing either, although most do not answer.</summary>
    TrustOneAnswer,

    /// <summary>A job vouches for silent hosts without having seen a step.</summary>
    VouchBlindly,

    /// <summary>A host counts a lease from its renewal instead of from the last word of the control plane.</summary>
    RenewFromNow,

    /// <summary>A job stores what its pool granted without posting it to its accounts.</summary>
    ForgetToPost,
}
