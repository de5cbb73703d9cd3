namespace Orchestrator.Agent;

/// <summary>Limits of the agent's queues, messages and waits, each with its reason.</summary>
internal static class AgentLimits
{
    /// <summary>Events kept for an absent control plane; beyond it the next Hello tells the truth instead.</summary>
    public const int OutboxEvents = 10_000;

    /// <summary>Operations whose outcome is remembered: far more than one control plane has pending per host.</summary>
    public const int RememberedOperations = 1_024;

    /// <summary>Log chunks that wait for the stream: 1 MiB of memory at most.</summary>
    public const int QueuedLogChunks = 16;

    /// <summary>Bytes of one log chunk, as the protocol says.</summary>
    public const int LogChunkBytes = 64 * 1024;

    /// <summary>
    /// Newest bytes of each live log that are kept however many ranks share a job's bound; more than one look at
    /// progress reads.
    /// </summary>
    public const long LeastLogBytes = 2 * 1024 * 1024;

    /// <summary>Log readers at one time; each holds a file and a buffer.</summary>
    public const int LogReaders = 32;

    /// <summary>
    /// Questions about stores that are worked on at one time: each may read as fast as the host can, which training
    /// needs, too.
    /// </summary>
    public const int StoreQuestions = 4;

    /// <summary>Parts of answers that wait for the stream; whoever answers waits for room.</summary>
    public const int QueuedStoreAnswers = 16;

    /// <summary>Bytes of a rank's last words, as the protocol says.</summary>
    public const int LastLinesBytes = 4_096;

    /// <summary>Bytes of what a source said about a device, as the protocol says.</summary>
    public const int DeviceDetailBytes = 512;

    /// <summary>Bytes of a line that a progress pattern is matched against; a longer one is taken in pieces.</summary>
    public const int ProgressLineBytes = 16 * 1024;

    /// <summary>
    /// Newest bytes of a followed file that one look reads: a rank that writes more between two looks is followed by
    /// its newest lines, and older ones do not count.
    /// </summary>
    public const int ProgressBytesPerLook = 1024 * 1024;

    /// <summary>
    /// Files of a watched pattern that one look considers: the folder of a script that keeps all of its checkpoints
    /// holds fewer.
    /// </summary>
    public const int WatchedFiles = 10_000;

    /// <summary>
    /// Bytes of a watched JSON file that are parsed to see whether it is whole; of a larger one it has to be enough
    /// that it stands still.
    /// </summary>
    public const long WatchedJsonBytes = 64 * 1024 * 1024;

    /// <summary>Largest message taken: a launch carries the manifest of every rank's shard.</summary>
    public const int LargestMessageBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Standbys of an attempt that may end by themselves before none is started any more: an import that fails every
    /// time would otherwise take a core from the training for ever.
    /// </summary>
    public const int StandbyFailures = 3;

    /// <summary>Longest path that fits into a Unix socket address, with some room.</summary>
    public const int SocketPathBytes = 100;

    /// <summary>
    /// Reads of a checkpoint that cannot be read before it is given up for an older one: about 1.5 s of waiting.
    /// </summary>
    public const int CheckpointReads = 5;

    /// <summary>
    /// Highest session number that is reached by doubling: event ids take 20 bits more, and two agents of one name,
    /// which drive each other up, must not drive it over.
    /// </summary>
    public const ulong HighestDoubledSession = 1UL << 40;

    /// <summary>How long a spawned supervisor may take to start its rank before the launch counts as failed.</summary>
    public static readonly TimeSpan RankStart = TimeSpan.FromSeconds(10);

    /// <summary>How long a launch waits for the ranks of an earlier attempt to be gone.</summary>
    public static readonly TimeSpan EarlierAttemptEnd = TimeSpan.FromSeconds(10);

    /// <summary>First wait before a stream is opened again; doubles up to <see cref="LongestReconnect"/>.</summary>
    public static readonly TimeSpan ShortestReconnect = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait before the stream is opened again.</summary>
    public static readonly TimeSpan LongestReconnect = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the answer to a stop waits for the search of what left its rank's process group: a host may run so
    /// many processes that looking at all takes longer than the whole stop.
    /// </summary>
    public static readonly TimeSpan StragglerSearch = TimeSpan.FromMilliseconds(20);

    /// <summary>First wait before failed work is tried again; doubles up to <see cref="LongestRetry"/>.</summary>
    public static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait before failed work is tried again.</summary>
    public static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(2);

    /// <summary>A silent connection is pinged after this long, and given up after as long again.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(2);

    /// <summary>Between looks at the ranks that no notice asked for: a lost notice costs this much.</summary>
    public static readonly TimeSpan ExitPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>Between looks at what ranks write for progress.</summary>
    public static readonly TimeSpan ProgressLook = TimeSpan.FromSeconds(1);

    /// <summary>Between looks at the files of ranks that go into checkpoints.</summary>
    public static readonly TimeSpan WatchLook = TimeSpan.FromSeconds(1);

    /// <summary>Before a file that could not be taken in is copied anew: a full disk stays full for a while.</summary>
    public static readonly TimeSpan WatchRetry = TimeSpan.FromSeconds(10);

    /// <summary>Between looks at how much room the logs take.</summary>
    public static readonly TimeSpan LogLook = TimeSpan.FromSeconds(10);

    /// <summary>Between looks at the standbys: at those that are missing, have got ready or have ended.</summary>
    public static readonly TimeSpan StandbyLook = TimeSpan.FromSeconds(1);

    /// <summary>Between looks at standbys that are being ended, for a release that waits for it.</summary>
    public static readonly TimeSpan StandbyEndPoll = TimeSpan.FromMilliseconds(10);

    /// <summary>Interval of a rank's reports, told with each answer.</summary>
    public static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);
}
