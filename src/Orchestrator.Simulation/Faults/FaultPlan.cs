using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Faults;

/// <summary>The faults of one run: how many, of which kinds, and how long they last.</summary>
/// <param name="Theme">What it suffers from most.</param>
/// <param name="Rate">Faults drawn per event that is none.</param>
/// <param name="Kinds">The kinds to draw from, each as often as it is likely.</param>
internal sealed record FaultPlan(FaultTheme Theme, double Rate, IReadOnlyList<FaultKind> Kinds)
{
    private static readonly FaultKind[] Mild =
    [
        FaultKind.LoseMail, FaultKind.LoseMail, FaultKind.RepeatMail, FaultKind.RepeatMail, FaultKind.DelayMail,
        FaultKind.LoseReply, FaultKind.FailCall, FaultKind.LoseAcknowledgement, FaultKind.LoseAcknowledgement,
        FaultKind.FailWrite, FaultKind.LoseWriteAnswer, FaultKind.SlowWrite, FaultKind.StaleRead, FaultKind.DelayLoss,
        FaultKind.LateHello, FaultKind.LateShard, FaultKind.DoubleTimer, FaultKind.DoubleTimer, FaultKind.DoubleTimer,
        FaultKind.DoubleTimer, FaultKind.LateTimer, FaultKind.LateTimer, FaultKind.WarnDevice, FaultKind.BreakStream,
        FaultKind.BreakStream, FaultKind.SplitActivation,
    ];

    private static readonly Dictionary<FaultTheme, FaultKind[]> Severe = new()
    {
        [FaultTheme.Mixed] = Enum.GetValues<FaultKind>(),
        [FaultTheme.Messages] =
        [
            FaultKind.LoseMail, FaultKind.RepeatMail, FaultKind.DelayMail, FaultKind.LoseReply, FaultKind.FailCall,
            FaultKind.DelayLoss, FaultKind.LateHello, FaultKind.BreakStream,
        ],
        [FaultTheme.Storage] =
        [
            FaultKind.FailWrite, FaultKind.LoseWriteAnswer, FaultKind.SlowWrite, FaultKind.StaleRead,
            FaultKind.LoseWriteAnswer, FaultKind.FillDisk, FaultKind.DamageShard, FaultKind.SlowPrepare,
        ],
        [FaultTheme.Activations] =
        [
            FaultKind.SplitActivation, FaultKind.SplitActivation, FaultKind.SplitActivation, FaultKind.LoseActivation,
            FaultKind.LoseGrants, FaultKind.RestartSilo, FaultKind.StaleRead, FaultKind.BreakStream,
        ],
        [FaultTheme.Streams] =
        [
            FaultKind.BreakStream, FaultKind.BreakStream, FaultKind.FreezeAgent, FaultKind.CutControl,
            FaultKind.CrashAgent, FaultKind.LateHello, FaultKind.DelayLoss,
        ],
        [FaultTheme.Hosts] =
        [
            FaultKind.PowerOff, FaultKind.PauseHost, FaultKind.CutNetwork, FaultKind.CutControl,
            FaultKind.BecomeStubborn, FaultKind.CrashAgent, FaultKind.FillDisk,
        ],
        [FaultTheme.Devices] =
        [
            FaultKind.FailDevice, FaultKind.FailDevice, FaultKind.WarnDevice, FaultKind.LoseGpu, FaultKind.LoseAddress,
            FaultKind.BecomeStubborn, FaultKind.FailHardware, FaultKind.PowerOff, FaultKind.CrashAgent,
        ],
        [FaultTheme.Training] =
        [
            FaultKind.CrashRank, FaultKind.HangTraining, FaultKind.DamageShard, FaultKind.LateShard,
            FaultKind.SlowPrepare, FaultKind.SlowPrepare,
            FaultKind.FreezeAgent, FaultKind.CutControl, FaultKind.BecomeStubborn,
        ],
        [FaultTheme.Partitions] =
        [
            FaultKind.CutControl, FaultKind.CutControl, FaultKind.CutNetwork, FaultKind.CutPeers, FaultKind.CutRack,
            FaultKind.CutRack, FaultKind.CutGang, FaultKind.CutGang, FaultKind.CutFleet, FaultKind.StopControlPlane,
            FaultKind.CrashAgent, FaultKind.FreezeAgent,
        ],
        [FaultTheme.LongNights] =
        [
            FaultKind.FailDevice, FaultKind.PowerOff, FaultKind.BecomeStubborn, FaultKind.FailHardware,
            FaultKind.CrashAgent, FaultKind.LoseGrants, FaultKind.RestartSilo,
        ],
    };

    public static FaultPlan Draw(Chance chance)
    {
        var theme = chance.Of(Enum.GetValues<FaultTheme>());
        // Each run leaves some kinds out: what always happens together hides what it does alone.
        var kinds = Severe[theme].Concat(Mild).Where(_ => !chance.OneIn(5)).ToArray();
        return new FaultPlan(theme, 0.17 + (chance.Share() * 0.08), kinds.Length > 0 ? kinds : Mild);
    }

    /// <summary>How long a fault lasts: mostly seconds, sometimes minutes, rarely a night or a week.</summary>
    public TimeSpan Duration(Chance chance)
    {
        var night = Theme == FaultTheme.LongNights ? 4 : 40;
        return chance.Below(10) switch
        {
            < 6 => chance.Between(0.2, 8),
            < 9 => chance.Between(8, 60),
            _ when chance.OneIn(night) => chance.Between(3600, 20 * 86_400),
            _ => chance.Between(60, 1200),
        };
    }
}
