namespace Orchestrator.Gateway.Agents;

/// <summary>An agent's stream ended before it had answered.</summary>
internal static class AgentGone
{
    public const string Code = "stream_ended";

    public static Domain.Reason Reason(string node) =>
        new(Code, $"The agent of {node} went away; ask again when it is back.");
}
