using System.Diagnostics;
using System.Globalization;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Crash;

public sealed class ProcessKillTests
{
    private const int WritesBeforeTheKill = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Write_TheProcessIsKilledWhileItWrites_EveryWriteThatReturnedIsThere()
    {
        await using var next = new SqliteSilo();

        var lastReturned = await RunUntilKilledAsync(next.Folder.Path);
        await next.InitializeAsync();

        // The write under way at the kill may have happened; none before it may be missing.
        (await next.Grain("victim").ReadAsync()).ShouldNotBeNull()
            .LeaseNumber.ShouldBeInRange(lastReturned, lastReturned + 1);
    }

    private static async Task<long> RunUntilKilledAsync(string folder)
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var victim = Start(folder);
        try
        {
            long last = 0;
            while (await victim.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
            {
                if (line.StartsWith(EndlessWriter.Returned, StringComparison.Ordinal))
                    last = long.Parse(line[EndlessWriter.Returned.Length..], CultureInfo.InvariantCulture);
                if (last == WritesBeforeTheKill)
                    victim.Kill();
            }

            last.ShouldBeGreaterThanOrEqualTo(WritesBeforeTheKill, "The writing process ended before it was killed.");
            return last;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"The writing process did not report {WritesBeforeTheKill} writes within {Patience.TotalSeconds} s.");
        }
        finally
        {
            victim.Kill();
        }
    }

    private static Process Start(string folder)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(EndlessWriter).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? program + ".exe" : program)
        {
            RedirectStandardOutput = true,
            ArgumentList = { "-explicit", "only", "-class", typeof(EndlessWriter).FullName! },
            Environment = { [EndlessWriter.FolderVariable] = folder },
        };
        return Process.Start(start) ?? throw new InvalidOperationException("The writing process did not start.");
    }
}
