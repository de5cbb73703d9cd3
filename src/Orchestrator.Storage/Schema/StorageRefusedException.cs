namespace Orchestrator.Storage.Schema;

/// <summary>Stops a silo's start because its database must not be worked on.</summary>
/// <param name="report">What was found; its sentence becomes the message.</param>
public sealed class StorageRefusedException(StorageReport report) : Exception(report.Sentence)
{
    /// <summary>What was found, with its machine code.</summary>
    public StorageReport Report { get; } = report;
}
