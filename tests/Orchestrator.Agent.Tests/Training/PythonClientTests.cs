using System.Text.RegularExpressions;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Training;

/// <summary>The client for training scripts and the agent, both as they ship.</summary>
public class PythonClientTests
{
    [PythonFact]
    public async Task AgentKilled_CheckpointInFlight_TheNextAgentStoresItAndStepsGoOn()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(PythonRank.Launch(host, """
            import os, pathlib, time
            import orchestrator_client as orchestrator
            import orchestrator_client._checkpoint as limits
            limits.CHECKPOINT_AWAY_SECONDS = 60  # However slowly the next agent starts on a busy machine.
            step = 0
            def train_until(name):
                global step
                while not os.path.exists(name):
                    step += 1
                    orchestrator.step(step)
                    time.sleep(0.01)
            train_until("save")
            with orchestrator.checkpoint(step) as saved:
                (saved / "state").write_text("weights")
                print("writing", flush=True)
                train_until("commit")
                pathlib.Path("committing").touch()
            print("stored", saved.stored, saved.refusal_code, flush=True)
            train_until("end")
            """));
        await host.NewsAsync("the first step", news => news.FirstStep);
        host.Touch("save");
        await host.LogHasAsync("writing");
        // The call is under way to an agent that will never answer it.
        host.Agent.Suspend();
        host.Touch("commit");
        await HostUnderTest.FileAsync(Path.Combine(host.Root, "committing"));
        await host.Agent.KillAsync();
        var from = host.Gateway.Received.Count;
        var highest = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem().HighestStep;

        await host.LogHasAsync("stored True");
        await host.NewsAsync("the shard", news => news.ShardStored, from);
        await host.Gateway.Received.WaitAsync($"steps after {highest}", message =>
            message.Heartbeat?.Ranks.SingleOrDefault(rank => rank.Step > highest), from);
        host.Touch("end");
        (await host.ExitedAsync()).Exit.Code.ShouldBe(0u);
        File.ReadAllText(host.RankFile("stderr.log")).ShouldBeEmpty();
    }

    [PythonFact]
    public async Task AgentAway_LongerThanACheckpointWaits_TheScriptSaysSoAndGoesOn()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(PythonRank.Launch(host, """
            import os, time
            import orchestrator_client as orchestrator
            import orchestrator_client._checkpoint as limits
            limits.CHECKPOINT_AWAY_SECONDS = 0.3
            orchestrator.step(1)
            while not os.path.exists("save"):
                time.sleep(0.01)
            with orchestrator.checkpoint(1) as saved:
                (saved / "state").write_text("weights")
            print("stored", saved.stored, saved.refusal_code, flush=True)
            orchestrator.step(2)
            """));
        await host.NewsAsync("the first step", news => news.FirstStep);
        await host.Agent.KillAsync();
        host.Touch("save");
        await HostUnderTest.FileAsync(host.RankFile("exit"));

        var record = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem();

        record.Exit.Code.ShouldBe(0u);
        host.OutputOf().ShouldBe("stored False agent_away\n");
        File.ReadAllText(host.RankFile("stderr.log")).ShouldContain("is not stored (agent_away)");
    }

    [PythonFact]
    public async Task DataLoaderWorkers_OverSeveralEpochs_DoNoHarm()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(PythonRank.Launch(host, """
            import os, torch
            from torch.utils.data import DataLoader, Dataset
            import orchestrator_client as orchestrator
            class Numbers(Dataset):
                def __len__(self): return 32
                def __getitem__(self, index):
                    orchestrator.step(1000 + index)
                    return torch.tensor(index)
            step = 0
            for epoch in range(4):
                for batch in DataLoader(Numbers(), batch_size=4, num_workers=2):
                    step += 1
                    orchestrator.step(step)
                with orchestrator.checkpoint(step, ranks=1) as saved:
                    torch.save(batch, saved / "batch.pt")
                assert saved.stored, saved.refusal
                child = os.fork()
                if child == 0:
                    orchestrator.step(2000)
                    raise SystemExit(5)
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5
            """));

        var exited = await host.ExitedAsync();

        exited.Exit.Code.ShouldBe(0u, exited.Exit.LastLines);
        exited.HighestStep.ShouldBe(32u, "a forked child reported");
        host.Gateway.Received.Snapshot().Select(message => message.Event?.ShardStored?.Step ?? 0)
            .Where(step => step > 0).ShouldBe([8u, 16u, 24u, 32u]);
        File.ReadAllText(host.RankFile("stderr.log")).ShouldBeEmpty();
    }

    [PythonFact]
    public async Task DocumentedExample_WithoutTheClient_ReportsItsSteps()
    {
        var page = PythonRank.ReadDocument("python-client.md");
        var section = page[page.IndexOf("## Without the client", StringComparison.Ordinal)..];
        var pattern = Regex.Match(section, "pattern: '(.*)'").Groups[1].Value;
        var script = Regex.Match(section, "```python\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        await using var host = await HostUnderTest.StartAsync();
        var command = PythonRank.Launch(host, script);
        command.Launch.Progress = new ProgressPolicy { From = ProgressSource.Log, Pattern = pattern };
        host.Order(command);

        var exited = await host.ExitedAsync();

        exited.Exit.Code.ShouldBe(0u, exited.Exit.LastLines);
        exited.HighestStep.ShouldBe(3u);
        (await host.NewsAsync("the first step", news => news.FirstStep)).Step.ShouldBe(1u);
    }
}
