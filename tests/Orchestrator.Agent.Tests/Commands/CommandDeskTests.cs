using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Commands;

public sealed class CommandDeskTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Accept_WorkFailsAfterItWasAccepted_IsTriedUntilItSucceeds()
    {
        var options = new AgentOptions(
            "host1", [new Uri("http://localhost")], _root, _root, "host1", 0, new Dictionary<string, string>());
        var identity = new HostIdentity(options, new StateFolder(options));
        var signal = new AsyncSignal();
        var outbox = new Outbox(identity, TimeProvider.System, signal);
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var handler = new FailingStop(failures: 2);
        var desk = new CommandDesk(
            [handler], identity, outbox, new OperationMemory(), new JobQueues(lifetime, NullLogger<JobQueues>.Instance),
            lifetime, TimeProvider.System, NullLogger<CommandDesk>.Instance);

        desk.Accept(new Command { OperationId = "op", JobId = "job-1", Attempt = 1, Stop = new Stop() });

        var first = await NextAsync(outbox, signal, 0);
        first.Outcome.Accepted.ShouldBeTrue();
        (await NextAsync(outbox, signal, first.EventId)).GangStopped.JobId.ShouldBe("job-1");
        handler.Tries.ShouldBe(3);
    }

    private static async Task<AgentEvent> NextAsync(Outbox outbox, AsyncSignal signal, ulong afterId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            if (outbox.Next(afterId) is { } news)
                return news;
            try
            {
                await signal.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"No event followed event {afterId} within 15 s.");
            }
        }
    }

    private sealed class FailingStop(int failures) : ICommandHandler
    {
        public int Tries { get; private set; }

        public Command.BodyOneofCase Kind => Command.BodyOneofCase.Stop;

        public Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken) =>
            Task.FromResult(CommandStart.Accept(_ => ++Tries <= failures
                ? throw new IOException("The disk failed for a moment.")
                : Task.FromResult<IReadOnlyList<AgentEvent>>([GangStopper.Stopped(command.JobId, command.Attempt)])));
    }
}
