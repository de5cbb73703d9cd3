namespace Orchestrator.Domain;

/// <summary>The named limits of the rules, each with its reason.</summary>
public static class Limits
{
    /// <summary>Transitions kept in a node's record: enough to see a flapping week, small enough to rewrite.</summary>
    public const int NodeHistory = 20;

    /// <summary>Evidence kept per incident: a cascade on a large gang says the same thing hundreds of times.</summary>
    public const int IncidentEvidence = 32;

    /// <summary>Entries kept in an incident's timeline.</summary>
    public const int IncidentTimeline = 64;

    /// <summary>
    /// Open incidents in a job's record: a gang that fails again and again before its first step opens many.
    /// </summary>
    public const int OpenIncidents = 8;

    /// <summary>Bytes of a rank's last words kept in records and incidents.</summary>
    public const int LastLinesBytes = 4096;

    /// <summary>Checkpoints whose shards may still be arriving; older unfinished ones are given up.</summary>
    public const int PendingCheckpoints = 4;

    /// <summary>Nodes in one gang that the record of a job can hold.</summary>
    public const int GangNodes = 4096;

    /// <summary>Ranks on one node.</summary>
    public const int RanksPerNode = 128;

    /// <summary>Sightings and faults kept of one GPU.</summary>
    public const int GpuHistory = 50;

    /// <summary>Letters of what a person gives as the reason of a drain: it stands in every list of nodes.</summary>
    public const int ReasonLength = 200;

    /// <summary>Letters of the name of a cordon's owner.</summary>
    public const int OwnerLength = 40;

    /// <summary>
    /// Bytes of one argument or one variable of a job, with its name: the kernel takes no longer one than 128 KiB.
    /// </summary>
    public const int ArgumentBytes = 120_000;

    /// <summary>
    /// Bytes of a job's command and environment together: the kernel gives a program 2 MiB for them, of which the
    /// host's own environment and the agent's variables take a part.
    /// </summary>
    public const int CommandBytes = 1024 * 1024;

    /// <summary>Lower-case letters, digits and '-' in the name of a job.</summary>
    public const int JobNameLength = 40;

    /// <summary>Characters of the pattern that finds progress: more than any line of a log needs.</summary>
    public const int ProgressPatternLength = 500;

    /// <summary>Bytes of the path of a watched file: the kernel takes no longer one.</summary>
    public const int PathBytes = 4095;

    /// <summary>Modules that a standby imports: the frameworks, which import what they need themselves.</summary>
    public const int StandbyImports = 16;

    /// <summary>Characters of a module's name; all of them travel in one variable of the environment.</summary>
    public const int ModuleNameLength = 200;
}
