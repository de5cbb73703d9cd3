namespace Orchestrator.Storage.Tests.Support;

/// <summary>A positional record inside the sample.</summary>
[GenerateSerializer]
public sealed record SampleRank([property: Id(0)] int Rank, [property: Id(1)] int? ExitCode);
