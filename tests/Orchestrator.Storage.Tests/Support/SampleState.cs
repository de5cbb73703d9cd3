namespace Orchestrator.Storage.Tests.Support;

/// <summary>An enum inside the sample.</summary>
public enum SampleState
{
    Joining,
    Warm,
    Lost,
}
