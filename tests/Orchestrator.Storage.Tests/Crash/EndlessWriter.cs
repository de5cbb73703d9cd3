using System.Globalization;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Crash;

/// <summary>The victim: a silo in a process of its own that writes one record over and over and says so.</summary>
public sealed class EndlessWriter
{
    /// <summary>The variable that tells it where to keep its records. Without it there is nothing to do.</summary>
    public const string FolderVariable = "ORCHESTRATOR_CRASH_TEST_FOLDER";

    /// <summary>What it prints before the number of a write that has returned.</summary>
    public const string Returned = "returned ";

    // An end of its own, should nobody kill it.
    private const int MostWrites = 100_000;

    [Fact(Explicit = true)]
    public async Task Write_OverAndOver_UntilKilled()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, "Only the crash test runs this, as a process of its own.");
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        await using var silo = new SqliteSilo(new TemporaryFolder(folder));
        await silo.InitializeAsync();

        for (var number = 1; number <= MostWrites; number++)
        {
            await silo.Grain("victim").WriteAsync(SampleRecord.Of("victim", number));
            await output.WriteLineAsync(Returned + number.ToString(CultureInfo.InvariantCulture));
        }
    }
}
