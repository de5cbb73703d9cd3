using System.Collections.Concurrent;
using Google.Protobuf;
using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Standbys;

/// <summary>By job, the newest launch that asked for standbys; on the disk as well, for the next agent.</summary>
internal sealed class StandbyOrders
{
    private const string FileName = "launch.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly ConcurrentDictionary<string, Command> _launches = new();
    private readonly StateFolder _state;
    private readonly ILogger<StandbyOrders> _log;

    public StandbyOrders(StateFolder state, ILogger<StandbyOrders> log)
    {
        _state = state;
        _log = log;
        foreach (var folder in Directory.GetDirectories(state.Standbys))
            Load(Path.Combine(folder, FileName));
    }

    public IReadOnlyList<Command> All => [.. _launches.Values];

    /// <summary>Notes a launch, or forgets the job's earlier one where this one asks for no standbys.</summary>
    public void Take(Command launch)
    {
        var order = launch.Clone();
        // As large as the gang, and of no use to a standby.
        order.Launch.Resume = null;
        if (order.Launch.StandbyImports.Count == 0)
        {
            Forget(order.JobId, order.Attempt);
            return;
        }

        _launches[order.JobId] = order;
        TryWrite(FileOf(order.JobId), order);
    }

    /// <summary>Forgets the job's launch, unless it is a later one.</summary>
    public void Forget(string jobId, uint attempt)
    {
        if (!_launches.TryGetValue(jobId, out var known) || known.Attempt > attempt)
            return;
        _launches.TryRemove(new(jobId, known));
        try
        {
            File.Delete(FileOf(jobId));
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException)
        {
            // It was never written.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next agent reads it, and finds that its attempt is over.
            _log.LogWarning("The standbys of {Job} are not forgotten: {Reason}", jobId, exception.Message);
        }
    }

    private void Load(string file)
    {
        try
        {
            if (!File.Exists(file))
                return;
            var launch = JsonParser.Default.Parse<Command>(File.ReadAllText(file));
            if (launch.Launch is not null)
                _launches[launch.JobId] = launch;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException
            or IOException or UnauthorizedAccessException)
        {
            // Torn by a crash of the whole host, with which its ranks ended too.
            _log.LogWarning("{File} is unreadable, so its job gets no standbys: {Reason}", file, exception.Message);
        }
    }

    private void TryWrite(string file, Command launch)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            // It holds the job's environment, and jobs put secrets there.
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            };
            using (var writer = new StreamWriter(file + ".new", options))
                writer.Write(JsonFormatter.Default.Format(launch));
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only the next agent misses it.
            _log.LogWarning("The standbys of {Job} end with this agent: {Reason}", launch.JobId, exception.Message);
        }
    }

    private string FileOf(string jobId) => Path.Combine(_state.Standbys, jobId, FileName);
}
