using System.Text.Json;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Nodes;

public sealed class NodeCommandsTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        _server.Control.Nodes.AddRange([Quarantined(), new Node { Name = "host2", Phase = NodePhase.Warm }]);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Nodes_VirtualAccelerator_IsCalledVirtual()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "nodes");

        run.ExitCode.ShouldBe(0);
        run.Lines.Length.ShouldBe(3);
        run.Lines[1].ShouldContain("Quarantined, cordoned");
        run.Lines[1].ShouldContain("1 virtual, 2 NVIDIA H200");
        run.Lines[1].ShouldContain("Its check failed.");
    }

    [Fact]
    public async Task Node_Human_ShowsCordonsDevicesAndHistory()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "node", "host1");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("Cordoned by operator");
        run.Out.ShouldContain("virtual, no real device (GPU-v)");
        run.Out.ShouldContain("NVIDIA H200 (GPU-1)");
        run.Out.ShouldContain("inc-1");
    }

    [Fact]
    public async Task Node_Json_IsOneObject()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "node", "host2", "-o", "json");

        JsonDocument.Parse(run.Out).RootElement.GetProperty("phase").GetString().ShouldBe("NODE_PHASE_WARM");
    }

    [Fact]
    public async Task Pools_WaitingJob_IsShownWithItsReason()
    {
        var waiting = new WaitingJob
        {
            JobId = "job-2",
            Nodes = 4,
            Reason = new Reason { Code = "nodes_missing", Sentence = "Waits for 4 nodes; 1 is warm." },
        };
        _server.Control.Pools.Add(new Pool { Name = "default", Usable = 5, Warm = 1, Waiting = { waiting } });

        var run = await CliRun.AgainstAsync(_server.Address, "pools");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("default");
        run.Out.ShouldContain("Waits for 4 nodes; 1 is warm.");
    }

    private static Node Quarantined() => new()
    {
        Name = "host1",
        Phase = NodePhase.Quarantined,
        Reason = new Reason { Code = "check_failed", Sentence = "Its check failed." },
        Gpus =
        {
            new GpuDevice { Uuid = "GPU-v", IsVirtual = true, Model = "virtual accelerator" },
            new GpuDevice { Uuid = "GPU-1", Model = "NVIDIA H200", Index = 1 },
            new GpuDevice { Uuid = "GPU-2", Model = "NVIDIA H200", Index = 2 },
        },
        Cordons = { new Cordon { Owner = "operator", Reason = new Reason { Sentence = "Maintenance." } } },
        History =
        {
            new NodeTransition { From = NodePhase.Warm, To = NodePhase.Quarantined, IncidentId = "inc-1" },
        },
    };
}
