using System.Diagnostics;
using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests;

/// <summary>Figures, not checks.</summary>
/// <remarks>
/// Run with <c>-explicit only -class Orchestrator.Storage.Tests.Measurements -showliveoutput</c>.
/// </remarks>
public sealed class Measurements(SqliteSilo silo, ITestOutputHelper output) : IClassFixture<SqliteSilo>
{
    private const int Writes = 2_000;
    private const int Records = 10_000;

    [Fact(Explicit = true)]
    public async Task Measure_WritesThroughGrains_AndLists()
    {
        foreach (var writers in new[] { 1, 16, 256 })
            await MeasureWritesAsync(writers);
        await MeasureListAsync();
    }

    private async Task MeasureWritesAsync(int writers)
    {
        var record = Samples.Full(new string('n', 600));
        var durations = new TimeSpan[writers][];
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var mine = durations[writer] = new TimeSpan[Writes / writers];
            for (var write = 0; write < mine.Length; write++)
            {
                var began = Stopwatch.GetTimestamp();
                await silo.Grain($"writer-{writer}").WriteAsync(record);
                mine[write] = Stopwatch.GetElapsedTime(began);
            }
        }));
        var elapsed = Stopwatch.GetElapsedTime(start);
        var sorted = durations.SelectMany(mine => mine).Order().ToArray();
        output.WriteLine(
            $"{writers} grains, ~0.9 KB: {sorted.Length / elapsed.TotalSeconds:F0} writes/s, " +
            $"p50 {sorted[sorted.Length / 2].TotalMilliseconds:F1} ms, " +
            $"p99 {sorted[sorted.Length * 99 / 100].TotalMilliseconds:F1} ms, " +
            $"max {sorted[^1].TotalMilliseconds:F1} ms");
    }

    private async Task MeasureListAsync()
    {
        silo.Folder.Execute(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Records})
            INSERT INTO OrleansStorage
            SELECT 'gpu', '/' || i, 0, 0, 1, PayloadBinary, '' FROM n, OrleansStorage
            WHERE GrainIdExtensionString = '/writer-0'
            """);
        foreach (var kind in new[] { RecordKinds.Gpu, RecordKinds.Gpu, RecordKinds.Node })
        {
            var start = Stopwatch.GetTimestamp();
            var records = await silo.ReadModel.ListAsync<SampleRecord>(kind, TestContext.Current.CancellationToken);
            output.WriteLine(
                $"list of {records.Count} {kind} records: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F1} ms");
        }
    }
}
