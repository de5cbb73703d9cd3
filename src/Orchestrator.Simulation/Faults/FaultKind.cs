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
