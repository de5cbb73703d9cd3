using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;
using Orchestrator.Tests.Shared;

namespace Orchestrator.Agent.Tests.Ranks;

public sealed class RankEnvironmentTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void For_JobSetsEveryVariable_TheReservedOnesStayTheAgents()
    {
        var launch = new Launch
        {
            MasterAddress = "127.0.0.1",
            MasterPort = 29500,
            WorldSize = 1,
            SavePlan = new SavePlan { EverySteps = 10, FromStep = 40 },
        };
        foreach (var name in Build(launch).Keys)
            launch.Environment[name] = "the job's";

        Build(launch).Where(variable => variable.Value != "the job's").Select(variable => variable.Key)
            .ShouldBe(
                EnvironmentNames.Reserved.Select(row => row.Data),
                ignoreOrder: true,
                "what the agent sets, the control plane refuses in a job; keep both lists the same");
    }

    private Dictionary<string, string> Build(Launch launch)
    {
        var options = new AgentOptions(
            "host1", [new Uri("http://localhost")], _root, _root, "127.0.0.1", 0, new Dictionary<string, string>());
        var state = new StateFolder(options);
        var resume = new ResumePoint(7, new Dictionary<uint, string> { [0] = "/store/7" });
        var spec = new RankSpec("job-1", 1, 0, 1, "boot", "/store", resume);
        return new RankEnvironment(new HostIdentity(options, state), state)
            .For(spec, new RankSlot(), launch, RankFolder.Of(state, spec.Key));
    }
}
