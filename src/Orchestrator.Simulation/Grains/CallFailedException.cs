namespace Orchestrator.Simulation.Grains;

/// <summary>A call between grains was not answered: nobody knows whether it was carried out.</summary>
internal sealed class CallFailedException(string whom, string why) : Exception($"{whom} did not answer: {why}.");
