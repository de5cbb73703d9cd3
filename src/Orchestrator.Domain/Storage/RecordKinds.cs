namespace Orchestrator.Domain.Storage;

/// <summary>
/// Names under which grains store their records. They are part of the stored format and never change.
/// </summary>
public static class RecordKinds
{
    /// <summary>The storage provider that keeps all records.</summary>
    public const string Provider = "orchestrator";

    /// <summary>One record per node.</summary>
    public const string Node = "node";

    /// <summary>One record per GPU.</summary>
    public const string Gpu = "gpu";

    /// <summary>One record per job.</summary>
    public const string Job = "job";

    /// <summary>One record per warm pool.</summary>
    public const string Pool = "pool";

    /// <summary>One record per incident.</summary>
    public const string Incident = "incident";
}
