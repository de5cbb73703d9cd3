namespace Orchestrator.Storage.Tests.Support;

/// <summary>A grain that keeps one record, as the product's grains do.</summary>
[Alias("sample")]
public interface ISampleGrain : IGrainWithStringKey
{
    /// <summary>Stores a record.</summary>
    [Alias("write")]
    Task WriteAsync(SampleRecord record);

    /// <summary>Reads what is stored, past what the grain remembers; null where nothing is.</summary>
    [Alias("read")]
    Task<SampleRecord?> ReadAsync();

    /// <summary>Clears the record.</summary>
    [Alias("clear")]
    Task ClearAsync();
}
