using System.Text.Json;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Jobs;

public sealed class JobCommandsTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        _server.Control.Jobs.Add(Running());
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Jobs_Redirected_IsPlainColumns()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "jobs");

        run.ExitCode.ShouldBe(0);
        run.Lines.Length.ShouldBe(2);
        run.Lines[0].ShouldStartWith("JOB    NAME   PHASE    STEP   RATE");
        run.Lines[1].ShouldStartWith("job-1  train  Running  1,200  8.5 steps/s  2");
        run.Out.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task Jobs_None_SaysSo()
    {
        _server.Control.Jobs.Clear();

        (await CliRun.AgainstAsync(_server.Address, "jobs")).Out.ShouldContain("No job");
        (await CliRun.AgainstAsync(_server.Address, "jobs", "-o", "json")).Out.ShouldBe("[]\n");
    }

    [Fact]
    public async Task Jobs_Terminal_IsABox()
    {
        var variables = new Dictionary<string, string> { ["ORCHESTRATOR_SERVER"] = _server.Address.ToString() };

        var run = await CliRun.OfAsync(variables, ["jobs"], isTerminal: true);

        run.Out.ShouldContain("train");
        run.Lines.Length.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Jobs_Json_IsOneArrayInProtobufsForm()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "jobs", "-o", "json");

        var job = JsonDocument.Parse(run.Out).RootElement.EnumerateArray().ShouldHaveSingleItem();
        job.GetProperty("phase").GetString().ShouldBe("JOB_PHASE_RUNNING");
        job.GetProperty("step").GetString().ShouldBe("1200");
        job.GetProperty("resumedFromStep").GetString().ShouldBe("0");
    }

    [Fact]
    public async Task Job_Human_ShowsWhereItStands()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "job", "job-1");

        foreach (var text in new[]
        {
            "Running", "All ranks advance. (advancing)", "1,200", "8.5 steps/s", "host1, host2",
            "step 1,100 (attempt 2)", "inc-1", "signal 9",
        })
        {
            run.Out.ShouldContain(text);
        }
    }

    [Fact]
    public async Task Job_Human_ShowsWhatIsNextAndTheLastIncident()
    {
        _server.Control.Jobs[0].NextAction = new Reason { Code = "none", Sentence = "Nothing is due." };
        _server.Control.Incidents.Add(new Incident
        {
            Id = "inc-1",
            Phase = IncidentPhase.Paused,
            Cause = new Reason { Code = "host_lost", Sentence = "host2 is gone." },
            Action = new Reason { Code = "replace_nodes", Sentence = "Replace host2." },
        });

        var run = await CliRun.AgainstAsync(_server.Address, "job", "job-1");

        run.Lines.ShouldContain("Next           Nothing is due.");
        run.Lines.ShouldContain("Last incident  inc-1, Paused. host2 is gone. (host_lost)");
        run.Lines.ShouldContain("Action         Replace host2.");
    }

    [Fact]
    public async Task Job_Human_ShowsWhereItsTimeWent()
    {
        var job = _server.Control.Jobs[0];
        job.Accounts.AddRange(
        [
            new AccountTime { Name = "waiting" },
            new AccountTime { Name = "launching", Seconds = 18.4 },
            new AccountTime { Name = "productive", Seconds = 673 },
            new AccountTime { Name = "lost", Seconds = 20 },
            new AccountTime { Name = "backing_off", Seconds = 11.6 },
        ]);
        job.Goodput = 673.0 / 723;

        var run = await CliRun.AgainstAsync(_server.Address, "job", "job-1");

        run.Lines.ShouldContain(
            "Goodput        93.1 % of 12 min 3 s "
            + "(productive 11 min 13 s, lost 20 s, launching 18 s, backing off 11 s)");
    }

    [Fact]
    public async Task Job_OlderThanAccounts_ShowsNoGoodput() =>
        (await CliRun.AgainstAsync(_server.Address, "job", "job-1")).Out.ShouldNotContain("Goodput");

    [Fact]
    public async Task Job_Human_ShowsHowOftenToSaveAndWhoDoes()
    {
        var job = _server.Control.Jobs[0];
        job.Spec.Checkpoint = new CheckpointPolicy { Store = "/shared" };
        job.SaveInterval = new SaveInterval { IntervalS = 60, MeanTimeBetweenFailuresS = 46_800 };
        (await CliRun.AgainstAsync(_server.Address, "job", "job-1")).Lines.ShouldContain(
            "Save interval  1 min 0 s until the first save is measured; "
            + "advice only, the script saves when it likes");

        job.Spec.Checkpoint.AutoInterval = true;
        job.SaveInterval.SaveCostMs = 2100;
        job.SaveInterval.ObservedS = 7200;
        job.SaveInterval.IntervalS = 443;
        job.SaveInterval.EverySteps = 1266;
        job.SaveInterval.FromStep = 400;
        (await CliRun.AgainstAsync(_server.Address, "job", "job-1")).Lines.ShouldContain(
            "Save interval  7 min 23 s (Daly 2006: a save costs 2,100 ms, a failure every 13 h 0 min, as published, "
            + "since none was seen in 2 h 0 min); the script saves every 1,266 steps from step 400 on");

        job.SaveInterval.Failures = 3;
        (await CliRun.AgainstAsync(_server.Address, "job", "job-1")).Out.ShouldContain(
            "a failure every 13 h 0 min, as published and by 3 seen in 2 h 0 min)");
    }

    [Fact]
    public async Task Job_Json_HasItsAccounts()
    {
        _server.Control.Jobs[0].Accounts.Add(new AccountTime { Name = "lost", Seconds = 1.5 });
        _server.Control.Jobs[0].Goodput = 0.25;

        var run = await CliRun.AgainstAsync(_server.Address, "job", "job-1", "-o", "json");

        var job = JsonDocument.Parse(run.Out).RootElement;
        job.GetProperty("goodput").GetDouble().ShouldBe(0.25);
        var account = job.GetProperty("accounts").EnumerateArray().ShouldHaveSingleItem();
        account.GetProperty("name").GetString().ShouldBe("lost");
        account.GetProperty("seconds").GetDouble().ShouldBe(1.5);
    }

    [Fact]
    public async Task Job_Failed_ShowsTheLastWordsOfTheRankThatFailedByItself()
    {
        var failed = Running();
        failed.Phase = JobPhase.Failed;
        failed.FailureText = "ValueError: it broke\n";
        _server.Control.Jobs[0] = failed;

        var run = await CliRun.AgainstAsync(_server.Address, "job", "job-1");

        run.Out.ShouldEndWith("Traceback:\nValueError: it broke\n");
    }

    [Fact]
    public async Task Job_Terminal_IsDrawnAnewWithEachChangeUntilTheEnd()
    {
        var variables = new Dictionary<string, string> { ["ORCHESTRATOR_SERVER"] = _server.Address.ToString() };
        var ended = Running();
        ended.Phase = JobPhase.Succeeded;
        _server.Control.JobChanges.AddRange([Running(), ended]);

        var run = await CliRun.OfAsync(variables, ["job", "job-1"], isTerminal: true);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldContain("Running");
        run.Out.ShouldContain("Succeeded");
        run.Out.TrimEnd().ShouldEndWith("job-1 has ended: Succeeded.");
        _server.Control.Requests.ShouldContain(new GetJobRequest { JobId = "job-1" });
    }

    [Fact]
    public async Task Job_TerminalOnce_AsksOnlyOnce()
    {
        var variables = new Dictionary<string, string> { ["ORCHESTRATOR_SERVER"] = _server.Address.ToString() };

        await CliRun.OfAsync(variables, ["job", "job-1", "--once"], isTerminal: true);

        _server.Control.Requests.OfType<GetJobRequest>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Job_Unknown_Exits3()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "job", "job-9");

        run.ExitCode.ShouldBe(3);
        run.Error.ShouldContain("job-9");
    }

    [Fact]
    public async Task Job_WatchJson_IsOneObjectPerLine()
    {
        _server.Control.JobChanges.AddRange([Running(), new Job { Id = "job-1", Phase = JobPhase.Failed }]);

        var run = await CliRun.AgainstAsync(_server.Address, "job", "job-1", "--watch", "-o", "json");

        run.ExitCode.ShouldBe(1);
        run.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("phase").GetString())
            .ShouldBe(["JOB_PHASE_RUNNING", "JOB_PHASE_FAILED"]);
    }

    [Fact]
    public async Task Cancel_RunningJob_SaysItsPhase()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "cancel", "job-1");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldBe("job-1 is Stopping.\n");
    }

    [Fact]
    public async Task Logs_Human_PassesBytesThroughUnchanged()
    {
        _server.Control.LogPieces.AddRange([[0xC3], [0xA9, 0x00, 0xFF, 0x0A]]);

        var run = await CliRun.AgainstAsync(
            _server.Address, "logs", "job-1", "--rank", "3", "--attempt", "2", "--stderr", "--tail", "100", "-f");

        run.ExitCode.ShouldBe(0);
        run.RawOut.ShouldBe([0xC3, 0xA9, 0x00, 0xFF, 0x0A]);
        run.Out.ShouldBeEmpty();
        _server.Control.Requests.ShouldHaveSingleItem().ShouldBe(new ReadLogsRequest
        {
            JobId = "job-1",
            Rank = 3,
            Attempt = 2,
            IsStderr = true,
            TailBytes = 100,
            Follow = true,
        });
    }

    private static Job Running() => new()
    {
        Id = "job-1",
        Spec = new JobSpec { Name = "train", Nodes = 2, Checkpoint = new CheckpointPolicy { Store = "/s" } },
        Phase = JobPhase.Running,
        Reason = new Reason { Code = "advancing", Sentence = "All ranks advance." },
        Attempt = 2,
        Step = 1_200,
        StepsPerSecond = 8.5,
        Nodes = { new JobNode { Node = "host2", NodeRank = 1 }, new JobNode { Node = "host1" } },
        Ranks =
        {
            new Rank { Rank_ = 0, Node = "host1", State = "running", Pid = 12, Step = 1_200 },
            new Rank { Rank_ = 1, Node = "host2", State = "exited", End = new RankEnd { Signal = 9 } },
        },
        Checkpoints = { new CheckpointManifest { JobId = "job-1", Step = 1_100, Attempt = 2 } },
        LastIncidentId = "inc-1",
    };
}
