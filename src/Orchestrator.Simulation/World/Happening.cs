namespace Orchestrator.Simulation.World;

/// <summary>Something that will happen.</summary>
/// <param name="What">What it is, in one or two words.</param>
/// <param name="Whom">The host, node, job or message that it is about.</param>
/// <param name="Act">Lets it happen.</param>
/// <param name="IsFault">It was drawn by the fault plan.</param>
internal sealed record Happening(string What, string Whom, Action Act, bool IsFault);
