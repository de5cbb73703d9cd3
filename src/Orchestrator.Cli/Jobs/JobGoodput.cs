using System.Globalization;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>How much of a job's time was of use, and where the rest went, in one line.</summary>
internal static class JobGoodput
{
    private const string Productive = "productive";

    /// <summary>Seconds; less would be shown as none.</summary>
    private const double Shown = 0.05;

    /// <summary>The share, the whole, and the accounts with the largest first; empty when nothing is known.</summary>
    public static string Of(Job job)
    {
        var all = job.Accounts.Sum(account => account.Seconds);
        if (all < Shown)
            return "";
        var parts = job.Accounts
            .Where(account => account.Seconds >= Shown)
            .OrderByDescending(account => account.Name == Productive)
            .ThenByDescending(account => account.Seconds)
            .Select(account => $"{account.Name.Replace('_', ' ')} {Time(account.Seconds)}");
        var share = (job.Goodput * 100).ToString("0.0", CultureInfo.InvariantCulture);
        return $"{share} % of {Time(all)} ({string.Join(", ", parts)})";
    }

    private static string Time(double seconds) => Words.Duration(TimeSpan.FromSeconds(seconds));
}
