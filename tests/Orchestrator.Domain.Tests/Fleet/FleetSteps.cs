using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>Carries steps out, and heals.</summary>
internal static class FleetSteps
{
    public static void Do(this VirtualFleet fleet, FleetStep step)
    {
        var host = fleet.Hosts[step.Subject % fleet.Hosts.Count];
        var job = $"job-{step.Subject % 2}";
        if (!Deliver(fleet, step, host) && !Break(fleet, step.Action, host) && !Operate(fleet, step, host))
        {
            Work(fleet, step, job);
        }

        fleet.Watch.Fleet();
    }

    /// <summary>All that is under way arrives, until nothing is.</summary>
    public static void Settle(this VirtualFleet fleet)
    {
        const int MostMessages = 20_000;
        for (var count = 0; Deliver(fleet); count++)
        {
            Invariant.That(count < MostMessages);
        }
    }

    /// <summary>Every fault is repaired, every cordon is lifted by its owner, and everybody tells the truth.</summary>
    public static void Heal(this VirtualFleet fleet)
    {
        fleet.Pool.LosesNextAnswer = false;
        foreach (var host in fleet.Hosts)
        {
            host.IsCutOff = false;
            host.IsFrozen = false;
            host.Yield();
            host.Boot();
            host.StartAgent();
            fleet.Attach(host);
            fleet.Node(host.Name).Resume(isForced: true);
        }
    }

    /// <summary>One healthy second: everything arrives, and training goes on.</summary>
    public static void LiveOneSecond(this VirtualFleet fleet)
    {
        fleet.Heal();
        fleet.Settle();
        fleet.Cascade();
        foreach (var job in fleet.Jobs)
        {
            fleet.Step(job.Id);
        }

        fleet.Settle();
        fleet.Pass(1);
        fleet.Watch.Fleet();
    }

    private static bool Deliver(VirtualFleet fleet)
    {
        var isAny = false;
        foreach (var host in fleet.Hosts)
        {
            isAny |= fleet.DeliverUp(host);
            isAny |= fleet.DeliverDown(host);
        }

        if (fleet.Mail.Count > 0)
        {
            fleet.Mail.Deliver(0);
            isAny = true;
        }

        return isAny;
    }

    private static bool Deliver(VirtualFleet fleet, FleetStep step, VirtualHost host)
    {
        var letter = fleet.Mail.Count == 0 ? -1 : step.Amount % fleet.Mail.Count;
        Action? deliver = step.Action switch
        {
            FleetAction.Attach => () => fleet.Attach(host),
            FleetAction.DeliverUp => () => fleet.DeliverUp(host),
            FleetAction.DeliverUpWithoutAcknowledgement => () => fleet.DeliverUp(host, isAcknowledged: false),
            FleetAction.DeliverDown => () => fleet.DeliverDown(host),
            FleetAction.DeliverMail => () => OnMail(letter, fleet.Mail.Deliver),
            FleetAction.LoseMail => () => OnMail(letter, fleet.Mail.Lose),
            FleetAction.RepeatMail => () => OnMail(letter, fleet.Mail.Repeat),
            FleetAction.Settle => fleet.Settle,
            _ => null,
        };
        deliver?.Invoke();
        return deliver is not null;
    }

    private static void OnMail(int letter, Action<int> act)
    {
        if (letter >= 0)
        {
            act(letter);
        }
    }

    private static bool Break(VirtualFleet fleet, FleetAction action, VirtualHost host)
    {
        Action? act = action switch
        {
            FleetAction.BreakStream => () => fleet.EndStream(host),
            FleetAction.StopAgent => () => fleet.StopAgent(host),
            FleetAction.StartAgent => host.StartAgent,
            FleetAction.PowerOff => () => fleet.PowerOff(host),
            FleetAction.Boot => host.Boot,
            FleetAction.Freeze => () => host.IsFrozen = host.IsAgentUp,
            FleetAction.Thaw => () => host.IsFrozen = false,
            FleetAction.CutOff => () => host.IsCutOff = true,
            FleetAction.Reconnect => () => host.IsCutOff = false,
            FleetAction.BecomeStubborn => host.BecomeStubborn,
            FleetAction.Yield => host.Yield,
            FleetAction.Crash => host.Crash,
            _ => null,
        };
        act?.Invoke();
        return act is not null;
    }

    private static bool Operate(VirtualFleet fleet, FleetStep step, VirtualHost host)
    {
        var node = fleet.Node(host.Name);
        Action? act = step.Action switch
        {
            FleetAction.FailDevice => () => node.Judge(new DeviceVerdict(
                $"GPU-{host.Name}",
                host.Name,
                fleet.Watch.NextVerdict(),
                step.Amount > 1,
                new Reason("device_failed", $"GPU-{host.Name}: xid_79."),
                fleet.Clock.Now)),
            FleetAction.Drain => () => node.Drain(movesJob: false),
            FleetAction.DrainNow => () => node.Drain(movesJob: true),
            FleetAction.Resume => () => node.Resume(isForced: false),
            FleetAction.ResumeByForce => () => node.Resume(isForced: true),
            FleetAction.RestartSilo => fleet.RestartSilo,
            FleetAction.LoseNextGrants => () => fleet.Pool.LosesNextAnswer = true,
            _ => null,
        };
        act?.Invoke();
        return act is not null;
    }

    private static void Work(VirtualFleet fleet, FleetStep step, string job)
    {
        Action act = step.Action switch
        {
            FleetAction.Pass => () => fleet.Pass(1 + step.Amount),
            FleetAction.PassLong => () => fleet.Pass(20 * (1 + step.Amount)),
            FleetAction.Step => () => fleet.Step(job),
            FleetAction.Save => () => fleet.Save(job),
            FleetAction.Cascade => fleet.Cascade,
            FleetAction.Damage => () => fleet.Hosts.ToList().ForEach(host => host.Damage(job)),
            FleetAction.Submit => () => fleet.Job(job).Submit(AJob.Spec(1 + (step.Amount % 3))),
            FleetAction.Cancel => () => fleet.Job(job).Cancel(),
            _ => throw new InvalidOperationException($"{step.Action} is carried out by nobody."),
        };
        act();
    }
}
