using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Takes commands from the stream, refuses those of the past, and reports what became of the others.</summary>
internal sealed class CommandDesk(
    IEnumerable<ICommandHandler> handlers,
    HostIdentity host,
    Outbox outbox,
    OperationMemory memory,
    JobQueues queues,
    IHostApplicationLifetime lifetime,
    ILogger<CommandDesk> log)
{
    private readonly Dictionary<Command.BodyOneofCase, ICommandHandler> _handlers =
        handlers.ToDictionary(handler => handler.Kind);

    /// <summary>Takes a command; everything else happens without the caller waiting.</summary>
    public void Accept(Command command)
    {
        if (Objection(command) is { } refusal)
        {
            Report(command, Outcome(command, refusal));
            return;
        }

        if (memory.FindOrAdd(command.OperationId) is { } known)
        {
            foreach (var news in known.Events)
                outbox.Append(news);
            return;
        }

        queues.Add(command.JobId, () => BeginAsync(command));
    }

    private Reason? Objection(Command command)
    {
        if (command.OperationId.Length == 0)
            return Refusal("operation_id_missing", "The command has no operation id.");
        if (!SafeName.IsValid(command.JobId))
            return Refusal("job_id_invalid", $"The job id '{command.JobId}' is not {SafeName.Rule}.");
        if (!_handlers.ContainsKey(command.BodyCase))
            return Refusal("command_unknown", $"Agent {host.Version} does not know the command {command.BodyCase}.");
        // On the disk before anything is done for it, so that no restart can bring an older lease back.
        return host.Lease.TryRaise(command.LeaseNumber)
            ? null
            : Refusal("stale_lease",
                $"The command is of lease {command.LeaseNumber} of {host.Name}, and {host.Lease.Value} was obeyed.");
    }

    private async Task BeginAsync(Command command)
    {
        log.LogInformation("{Command} of {Job}, attempt {Attempt}", command.BodyCase, command.JobId, command.Attempt);
        CommandStart start;
        try
        {
            start = await _handlers[command.BodyCase].StartAsync(command, lifetime.ApplicationStopping);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            start = CommandStart.Refuse("host_storage_failed",
                $"{host.Name} could not write what {command.BodyCase} needs: {exception.Message}");
        }

        // What was refused had no effect, so a repeat is judged anew: the reason may be gone by then.
        if (start.Refusal is not null)
            memory.Forget(command.OperationId);
        Report(command, Outcome(command, start.Refusal));
        if (start.Finish is { } finish)
            queues.Watch(FinishAsync(command, finish, start.Told));
    }

    private async Task FinishAsync(
        Command command, Func<CancellationToken, Task<IReadOnlyList<AgentEvent>>> finish, Action? told)
    {
        try
        {
            foreach (var news in await finish(lifetime.ApplicationStopping))
                Report(command, news);
            told?.Invoke();
        }
        catch (IOException exception)
        {
            // Forgotten, so that the control plane's repeat tries again.
            memory.Forget(command.OperationId);
            log.LogError("{Command} of {Job} failed: {Reason}", command.BodyCase, command.JobId, exception.Message);
        }
    }

    private void Report(Command command, AgentEvent news)
    {
        if (news.Outcome is { Accepted: false } refused)
            log.LogWarning("{Command} of {Job} refused: {Reason}",
                command.BodyCase, command.JobId, refused.Refusal.Sentence);
        memory.Reported(command.OperationId, news);
        outbox.Append(news);
    }

    private static AgentEvent Outcome(Command command, Reason? refusal) => new()
    {
        Outcome = new CommandOutcome
        {
            OperationId = command.OperationId,
            Accepted = refusal is null,
            Refusal = refusal,
        },
    };

    private static Reason Refusal(string code, string sentence) => new() { Code = code, Sentence = sentence };
}
