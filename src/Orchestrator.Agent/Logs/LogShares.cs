namespace Orchestrator.Agent.Logs;

/// <summary>Divides the room for a job's logs among its files.</summary>
internal static class LogShares
{
    /// <summary>
    /// Small files keep all that they have; those that are larger than an equal share get equal shares of the rest.
    /// </summary>
    /// <param name="sizes">Bytes of each file.</param>
    /// <param name="room">Bytes for all of them.</param>
    /// <param name="least">Bytes that each file keeps even where that is more than there is room for.</param>
    /// <returns>Bytes that each file keeps, in the same order.</returns>
    public static long[] Of(IReadOnlyList<long> sizes, long room, long least)
    {
        var kept = new long[sizes.Count];
        var left = sizes.Count;
        foreach (var (index, size) in sizes.Index().OrderBy(file => file.Item))
        {
            kept[index] = Math.Min(size, Math.Max(least, room / left));
            room = Math.Max(0, room - kept[index]);
            left--;
        }

        return kept;
    }
}
