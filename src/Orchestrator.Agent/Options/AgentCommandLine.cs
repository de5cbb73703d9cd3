using System.Globalization;
using Orchestrator.Agent.Logs;

namespace Orchestrator.Agent.Options;

/// <summary>Reads the command line and reports everything that is wrong with it at once.</summary>
internal sealed class AgentCommandLine
{
    public const string Usage =
        "usage: orchestrator-agent --name NODE --silo http://HOST:PORT[,...] --state FOLDER --memory FOLDER"
        + " --address ADDRESS [--peer-port PORT (7071)] [--shard-port PORT (7073)]"
        + " [--checkpoint-memory-mib MIB (a quarter of the host's)] [--upload-mib-per-second MIB (no limit)]"
        + " [--virtual-gpus COUNT] [--label KEY=VALUE]..."
        + " [--job-log-mib MIB (1024)] [--ended-log-hours HOURS (168)] [--standby-delay-seconds SECONDS (5)]";

    private const int DefaultPeerPort = 7071;
    private const int DefaultShardPort = 7073;
    private const int ShareOfMemory = 4;
    private const int MostVirtualGpus = 64;
    private const int MostJobLogMebibytes = 1024 * 1024;
    private const int MostEndedLogHours = 24 * 365;
    private const int DefaultStandbyDelaySeconds = 5;
    private const int MostStandbyDelaySeconds = 24 * 60 * 60;
    private const long BytesPerMebibyte = 1024 * 1024;
    private readonly Dictionary<string, string> _values = [];
    private readonly Dictionary<string, string> _labels = [];
    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The options, or null when <see cref="Errors"/> says what is wrong.</summary>
    public AgentOptions? Parse(IReadOnlyList<string> arguments)
    {
        ReadValues(arguments);
        var name = Required("--name");
        if (name is not null && !SafeName.IsValid(name))
            _errors.Add($"--name '{name}' is not a node name: {SafeName.Rule}.");
        var silos = ReadSilos();
        var state = ReadFolder("--state");
        var memory = ReadFolder("--memory");
        var address = Required("--address");
        if (address is not null && Uri.CheckHostName(address) == UriHostNameType.Unknown)
            _errors.Add($"--address '{address}' is neither a host name nor an IP address.");
        var peerPort = ReadNumber("--peer-port", DefaultPeerPort, 0, ushort.MaxValue);
        var shardPort = ReadNumber("--shard-port", DefaultShardPort, 0, ushort.MaxValue);
        var memoryMebibytes = ReadNumber(
            "--checkpoint-memory-mib", DefaultMemoryMebibytes(memory), 1, int.MaxValue);
        var uploadMebibytes = ReadNumber("--upload-mib-per-second", 0, 0, int.MaxValue);
        var gpus = ReadNumber("--virtual-gpus", 0, 0, MostVirtualGpus);
        var logs = ReadLogBounds();
        var delay = ReadNumber("--standby-delay-seconds", DefaultStandbyDelaySeconds, 0, MostStandbyDelaySeconds);
        return _errors.Count > 0
            ? null
            : new AgentOptions(name!, silos, state!, memory!, address!, gpus, _labels)
            {
                PeerPort = peerPort,
                ShardPort = shardPort,
                CheckpointMemoryBytes = memoryMebibytes * BytesPerMebibyte,
                UploadBytesPerSecond = uploadMebibytes * BytesPerMebibyte,
                Logs = logs,
                StandbyDelay = TimeSpan.FromSeconds(delay),
            };
    }

    private void ReadValues(IReadOnlyList<string> arguments)
    {
        for (var index = 0; index < arguments.Count; index++)
        {
            var option = arguments[index];
            if (option is not ("--name" or "--silo" or "--state" or "--memory" or "--address" or "--virtual-gpus"
                or "--label" or "--peer-port" or "--shard-port" or "--checkpoint-memory-mib"
                or "--upload-mib-per-second" or "--job-log-mib" or "--ended-log-hours" or "--standby-delay-seconds"))
            {
                _errors.Add($"'{option}' is not an option of the agent.");
                continue;
            }

            if (index + 1 == arguments.Count || arguments[index + 1].StartsWith("--", StringComparison.Ordinal))
                _errors.Add($"{option} needs a value.");
            else if (option == "--label")
                AddLabel(arguments[++index]);
            else if (!_values.TryAdd(option, arguments[++index]))
                _errors.Add($"{option} is given twice.");
        }
    }

    private void AddLabel(string label)
    {
        if (Label.Parse(label) is not var (key, value))
            _errors.Add($"--label '{label}' is not KEY=VALUE: {Label.Rule}.");
        else if (!_labels.TryAdd(key, value))
            _errors.Add($"--label '{key}' is given twice.");
        else if (_labels.Count == Label.Most + 1)
            _errors.Add($"--label is given more than {Label.Most} times.");
    }

    private string? Required(string option)
    {
        if (_values.TryGetValue(option, out var value) && value.Length > 0)
            return value;
        if (!_errors.Any(error => error.StartsWith(option + " ", StringComparison.Ordinal)))
            _errors.Add($"{option} is required.");
        return null;
    }

    private List<Uri> ReadSilos()
    {
        var silos = new List<Uri>();
        foreach (var text in Required("--silo")?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var silo) || silo.Scheme is not ("http" or "https"))
                _errors.Add($"--silo '{text}' is not an http or https address such as http://127.0.0.1:7070.");
            else if (!silos.Contains(silo))
                silos.Add(silo);
        }

        return silos;
    }

    private string? ReadFolder(string option)
    {
        if (Required(option) is not { } path)
            return null;
        try
        {
            return Directory.CreateDirectory(Path.GetFullPath(path)).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _errors.Add($"{option} '{path}' cannot be used as a folder: {exception.Message}");
            return null;
        }
    }

    // A file system that is smaller, as that of a container, would be full before the budget is.
    private static int DefaultMemoryMebibytes(string? folder)
    {
        var ofHost = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory;
        var ofFolder = folder is null ? long.MaxValue : new DriveInfo(folder).TotalSize / 4 * 3;
        return (int)Math.Max(Math.Min(ofHost, ofFolder) / BytesPerMebibyte, 1);
    }

    private LogBounds ReadLogBounds()
    {
        var defaults = LogBounds.Default;
        var mebibytes = ReadNumber(
            "--job-log-mib", (int)(defaults.BytesPerJob / BytesPerMebibyte), 1, MostJobLogMebibytes);
        var hours = ReadNumber("--ended-log-hours", (int)defaults.AgeOfEnded.TotalHours, 1, MostEndedLogHours);
        return new LogBounds(mebibytes * BytesPerMebibyte, TimeSpan.FromHours(hours));
    }

    private int ReadNumber(string option, int fallback, int least, int most)
    {
        if (!_values.TryGetValue(option, out var text))
            return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
            return number;
        _errors.Add($"{option} '{text}' is not a number from {least} to {most}.");
        return fallback;
    }
}
