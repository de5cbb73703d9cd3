using CsCheck;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>What may happen to a fleet.</summary>
internal enum FleetAction
{
    Attach,
    DeliverUp,
    DeliverUpWithoutAcknowledgement,
    DeliverDown,
    DeliverMail,
    LoseMail,
    RepeatMail,
    Settle,
    Pass,
    PassLong,
    Step,
    Save,
    Crash,
    Cascade,
    BreakStream,
    StopAgent,
    StartAgent,
    PowerOff,
    Boot,
    Freeze,
    Thaw,
    CutOff,
    Reconnect,
    BecomeStubborn,
    Yield,
    Damage,
    FailDevice,
    Drain,
    DrainNow,
    Resume,
    ResumeByForce,
    RestartSilo,
    LoseNextGrants,
    Submit,
    Cancel,
}

/// <summary>One thing that happens, to which host or job, and how much of it.</summary>
internal readonly record struct FleetStep(FleetAction Action, int Subject, int Amount)
{
    /// <summary>Quiet days and bad days: faults are rarer than the steps that let the fleet go on.</summary>
    public static Gen<FleetStep[]> Sequences(int longest)
    {
        FleetAction[] often =
        [
            FleetAction.Settle, FleetAction.Settle, FleetAction.Settle, FleetAction.Pass, FleetAction.Step,
            FleetAction.Step, FleetAction.Save, FleetAction.Submit, FleetAction.Attach, FleetAction.Cascade,
            FleetAction.StartAgent, FleetAction.Boot,
        ];
        var action = Gen.Frequency(
            (1, OneOf(often)), (1, OneOf(Enum.GetValues<FleetAction>())));
        return Gen.Select(action, Gen.Int[0, 4], Gen.Int[0, 5], (one, subject, amount) =>
            new FleetStep(one, subject, amount)).Array[0, longest];
    }

    private static Gen<FleetAction> OneOf(FleetAction[] actions) =>
        Gen.Int[0, actions.Length - 1].Select(index => actions[index]);

    public override string ToString() => $"new(FleetAction.{Action}, {Subject}, {Amount})";
}
