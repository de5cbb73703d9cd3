using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orchestrator.Cli.Jobs;

/// <summary>One frame of the live view of a job.</summary>
internal static class JobPicture
{
    /// <summary>Lines of a frame besides the rows of its table: facts, some of which wrap, and borders.</summary>
    private const int OtherLines = 26;

    private const int FewestRows = 4;

    /// <summary>Draws a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="incident">Its last incident; null when there was none.</param>
    /// <param name="height">Lines of the terminal: a frame that is longer could not be drawn over.</param>
    public static IRenderable Draw(Job job, Incident? incident, int height)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in JobFacts.Of(job, incident).Where(fact => fact.Value.Length > 0))
        {
            var style = name == "Phase" ? new Style(Colour(job.Phase), decoration: Decoration.Bold) : Style.Plain;
            facts.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value, style));
        }

        var parts = new List<IRenderable> { facts };
        if (job.Ranks.Count > 0)
            parts.Add(Ranks(job, Math.Max(FewestRows, height - OtherLines)));
        if (job.FailureText.Length > 0)
        {
            parts.Add(new Text("Traceback:"));
            parts.Add(new Text(job.FailureText.TrimEnd(), new Style(Color.Red)));
        }

        return new Rows(parts);
    }

    private static Rows Ranks(Job job, int rows)
    {
        // What is wrong stands above what is well, where not all fit.
        var shown = job.Ranks.Count <= rows
            ? job.Ranks.AsEnumerable()
            : job.Ranks.OrderBy(rank => rank.State == "running").ThenBy(rank => rank.Rank_).Take(rows);
        var table = TerminalTable.Of(JobRanks.Columns, shown.Select(JobRanks.Row));
        var more = job.Ranks.Count - rows;
        return more > 0 ? new Rows(table, new Text($"and {more} more ranks; all are in: orch job {job.Id} --once"))
            : new Rows(table);
    }

    private static Color Colour(JobPhase phase) => phase switch
    {
        JobPhase.Running or JobPhase.Succeeded => Color.Green,
        JobPhase.Failed => Color.Red,
        JobPhase.Cancelled => Color.Grey,
        _ => Color.Yellow,
    };
}
