using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>What came of the part of a command that later commands of the same job wait for.</summary>
/// <param name="Refusal">Why it is not obeyed; null when it is.</param>
/// <param name="Finish">The rest, which nothing waits for; gives the events that tell of its end.</param>
/// <param name="Told">What to do once those events are on their way.</param>
internal sealed record CommandStart(
    Reason? Refusal, Func<CancellationToken, Task<IReadOnlyList<AgentEvent>>>? Finish, Action? Told = null)
{
    public static CommandStart Refuse(string code, string sentence) =>
        new(new Reason { Code = code, Sentence = sentence }, null);

    public static CommandStart Accept(Func<CancellationToken, Task<IReadOnlyList<AgentEvent>>> finish) =>
        new(null, finish);
}

/// <summary>Carries out one kind of command.</summary>
internal interface ICommandHandler
{
    Command.BodyOneofCase Kind { get; }

    /// <summary>Begins a command whose lease was checked. Commands of one job begin one after the other.</summary>
    Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken);
}
