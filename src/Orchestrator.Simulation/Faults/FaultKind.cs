namespace Orchestrator.Simulation.Faults;

/// <summary>What can go wrong. The first group is armed and strikes the next message, call or write.</summary>
internal enum FaultKind
{
    LoseMail,
    RepeatMail,
    DelayMail,
    LoseReply,
    FailCall,
    DelayLoss,
    LateHello,
    LoseAcknowledgement,
    FailWrite,
    LoseWriteAnswer,
    SlowWrite,
    StaleRead,
    LateShard,
    SlowPrepare,

    /// <summary>A job's silo is cut off while the answer to its request for nodes travels.</summary>
    LoseGrants,

    DoubleTimer,
    LateTimer,
    LoseActivation,
    SplitActivation,
    HangGrain,
    RestartSilo,

    BreakStream,
    CrashAgent,
    FreezeAgent,
    CutControl,
    CutNetwork,

    /// <summary>A host is heard by the control plane, and by nobody else.</summary>
    CutPeers,

    /// <summary>A switch fails: the hosts of a rack reach each other, and nobody else.</summary>
    CutRack,

    /// <summary>A whole gang, and perhaps more hosts, reach each other, and nobody else.</summary>
    CutGang,

    /// <summary>The control plane's network fails: most hosts do not hear it, and reach each other.</summary>
    CutFleet,

    /// <summary>All silos end, and start some time later.</summary>
    StopControlPlane,
    PowerOff,
    PauseHost,
    BecomeStubborn,
    FillDisk,
    LoseGpu,
    LoseAddress,

    CrashRank,
    HangTraining,
    DamageShard,
    FailDevice,
    WarnDevice,

    /// <summary>A host's disk fills up, its GPU fails some time later, and it takes hours to repair.</summary>
    FailHardware,
}
