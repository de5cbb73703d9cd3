using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>What came of the part of a command that later commands of the same job wait for.</summary>
/// <param name="Refusal">Why it is not obeyed; null when it is.</param>
/// <param name="Finish">
/// The rest, which nothing waits for; gives the events that tell of its end. Called again while it throws that a file,
/// a folder or a process could not be dealt with.
/// </param>
internal sealed record CommandStart(Reason? Refusal, Func<CancellationToken, Task<IReadOnlyList<AgentEvent>>>? Finish)
{
    /// <summary>What to do once those events are on their way.</summary>
    public Action? Told { get; init; }

    /// <summary>
    /// True when "accepted" means that the work is done and not just begun, so that it is told after the end.
    /// </summary>
    public bool IsAnsweredAtEnd { get; init; }

    /// <summary>
    /// What the command waits for before it goes on; null when it does not. Later commands of the job begin meanwhile:
    /// a stop waits for nothing that may take long.
    /// </summary>
    public CommandWait? Wait { get; init; }

    public static CommandStart Refuse(string code, string sentence) =>
        new(new Reason { Code = code, Sentence = sentence }, null);

    public static CommandStart Accept(Func<CancellationToken, Task<IReadOnlyList<AgentEvent>>> finish) =>
        new(null, finish);
}

/// <summary>A command that goes on later.</summary>
/// <param name="Until">What it waits for; fails for nothing that the command could be refused for.</param>
/// <param name="Then">How it goes on, again in order with the job's other commands.</param>
internal sealed record CommandWait(Task Until, Func<CancellationToken, Task<CommandStart>> Then);

/// <summary>Carries out one kind of command.</summary>
internal interface ICommandHandler
{
    Command.BodyOneofCase Kind { get; }

    /// <summary>Begins a command whose lease was checked. Commands of one job begin one after the other.</summary>
    Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken);
}
