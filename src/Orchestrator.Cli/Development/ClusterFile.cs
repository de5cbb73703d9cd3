using System.Text.Json;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development;

/// <summary>Reads and writes cluster.json; writers take turns, and a reader never sees half a file.</summary>
internal static class ClusterFile
{
    /// <summary>Whoever holds the lock starts a few processes at most.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(10);

    /// <summary>The cluster of this folder, or null where there is none.</summary>
    public static ClusterRecord? TryRead(DataFolder data)
    {
        if (!File.Exists(data.ClusterFile))
            return null;
        try
        {
            var text = File.ReadAllText(data.ClusterFile);
            var record = JsonSerializer.Deserialize(text, ClusterJson.Default.ClusterRecord)
                ?? throw new JsonException("The file holds 'null'.");
            return record.MachineBootId == ProcessTable.MachineBootId() ? record : WithoutProcesses(record);
        }
        catch (JsonException error)
        {
            throw new CliException(
                ExitCode.Failed,
                $"{data.ClusterFile} is damaged: {error.Message} Delete it after `orch dev down`, then `orch dev up`.");
        }
    }

    /// <exception cref="CliException">There is no cluster in this folder.</exception>
    public static ClusterRecord Read(DataFolder data) => TryRead(data) ?? throw new CliException(
        ExitCode.NotFound,
        $"There is no development cluster in {data.Root}. Start one with `orch dev up`, or name its folder with "
        + "--data.");

    public static void Write(DataFolder data, ClusterRecord record)
    {
        var fresh = data.ClusterFile + ".new";
        File.WriteAllText(fresh, JsonSerializer.Serialize(record, ClusterJson.Default.ClusterRecord) + "\n");
        File.Move(fresh, data.ClusterFile, overwrite: true);
    }

    /// <summary>Keeps every other command from changing the cluster until the result is disposed.</summary>
    public static async Task<IDisposable> LockAsync(
        DataFolder data, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(data.Root);
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(data.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(start) < LockPatience)
            {
                // Another command holds it; it is brief.
                await Task.Delay(LockPause, time, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException error)
            {
                throw new CliException(
                    ExitCode.Failed,
                    $"Another orch command has held {data.LockFile} for {LockPatience.TotalSeconds:0} s: "
                    + $"{error.Message}");
            }
        }
    }

    /// <summary>Changes the cluster's record under the lock.</summary>
    public static async Task<ClusterRecord> UpdateAsync(
        DataFolder data,
        TimeProvider time,
        Func<ClusterRecord, ClusterRecord> change,
        CancellationToken cancellationToken)
    {
        using var turn = await LockAsync(data, time, cancellationToken).ConfigureAwait(false);
        var changed = change(Read(data));
        Write(data, changed);
        return changed;
    }

    private static ClusterRecord WithoutProcesses(ClusterRecord record) => record with
    {
        MachineBootId = ProcessTable.MachineBootId(),
        Silo = null,
        Hosts = record.Hosts.Select(host => host with { Agent = null }).ToList(),
    };
}
