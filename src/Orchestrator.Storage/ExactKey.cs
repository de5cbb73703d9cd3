namespace Orchestrator.Storage;

/// <summary>Keeps grain keys apart that the ADO.NET storage would take for one.</summary>
/// <remarks>
/// It stores a key that reads as a hexadecimal number as that number: nodes named "cafe", "CAFE" and "0cafe" would
/// share one record. After a slash no key reads as a number, so each is stored as the text that it is.
/// </remarks>
internal static class ExactKey
{
    private const char Mark = '/';

    public static GrainId Of(GrainId grainId) =>
        GrainId.Create(grainId.Type, IdSpan.Create(Mark + grainId.Key.ToString()));

    /// <summary>The grain's own key again, from the stored one.</summary>
    public static string Text(string stored) => stored.StartsWith(Mark) ? stored[1..] : stored;
}
