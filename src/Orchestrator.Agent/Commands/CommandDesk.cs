using System.ComponentModel;
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
    TimeProvider time,
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
        return LeaseObjection(command);
    }

    private Reason? LeaseObjection(Command command)
    {
        try
        {
            // On the disk before anything is done for it, so that no restart can bring an older lease back.
            return host.Lease.TryRaise(command.LeaseNumber)
                ? null
                : Refusal("stale_lease",
                    $"The command is of lease {command.LeaseNumber} of {host.Name};"
                    + $" lease {host.Lease.Value} was obeyed.");
        }
        catch (Exception exception) when (IsOfTheHost(exception))
        {
            log.LogError("Lease {Lease} could not be stored: {Reason}", command.LeaseNumber, exception.Message);
            // What ends ranks is obeyed all the same: it starts nothing that an older lease could bring back.
            return command.BodyCase is Command.BodyOneofCase.Stop or Command.BodyOneofCase.Release
                ? null
                : Refusal("host_storage_failed",
                    $"{host.Name} could not store lease {command.LeaseNumber}: {exception.Message}");
        }
    }

    private Task BeginAsync(Command command)
    {
        log.LogInformation("{Command} of {Job}, attempt {Attempt}", command.BodyCase, command.JobId, command.Attempt);
        return GoOnAsync(command, token => _handlers[command.BodyCase].StartAsync(command, token));
    }

    private async Task GoOnAsync(Command command, Func<CancellationToken, Task<CommandStart>> next)
    {
        CommandStart start;
        try
        {
            start = await next(lifetime.ApplicationStopping);
        }
        catch (Exception exception) when (IsOfTheHost(exception))
        {
            start = CommandStart.Refuse("host_storage_failed",
                $"{host.Name} could not write what {command.BodyCase} needs: {exception.Message}");
        }

        if (start.Wait is { } wait)
        {
            queues.Watch(GoOnAfterAsync(command, wait));
            return;
        }

        // What was refused had no effect, so a repeat is judged anew: the reason may be gone by then.
        if (start.Refusal is not null)
            memory.Forget(command.OperationId);
        if (!start.IsAnsweredAtEnd)
            Report(command, Outcome(command, start.Refusal));
        if (start.Finish is { } finish)
            queues.Watch(FinishAsync(command, start, finish));
    }

    private async Task GoOnAfterAsync(Command command, CommandWait wait)
    {
        await wait.Until;
        queues.Add(command.JobId, () => GoOnAsync(command, wait.Then));
    }

    private async Task FinishAsync(
        Command command, CommandStart start, Func<CancellationToken, Task<IReadOnlyList<AgentEvent>>> finish)
    {
        var events = await UntilDoneAsync(command, finish, lifetime.ApplicationStopping);
        if (start.IsAnsweredAtEnd)
            Report(command, Outcome(command, start.Refusal));
        foreach (var news in events)
            Report(command, news);
        start.Told?.Invoke();
    }

    // Once an order is accepted the control plane does not send it again, so nobody else would try.
    private async Task<IReadOnlyList<AgentEvent>> UntilDoneAsync(
        Command command,
        Func<CancellationToken, Task<IReadOnlyList<AgentEvent>>> finish,
        CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time);
        while (true)
        {
            try
            {
                return await finish(cancellationToken);
            }
            catch (Exception exception) when (IsOfTheHost(exception))
            {
                log.LogError("{Command} of {Job} failed and is tried again: {Reason}",
                    command.BodyCase, command.JobId, exception.Message);
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    private static bool IsOfTheHost(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or Win32Exception;

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
