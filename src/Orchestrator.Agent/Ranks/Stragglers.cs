using System.ComponentModel;
using System.Globalization;
using System.Text;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Standbys;

namespace Orchestrator.Agent.Ranks;

/// <summary>
/// Ends what ranks left behind outside their process groups, such as services that made a session of their own. They
/// are known by the environment that they inherited; one that cleared it is not found.
/// </summary>
internal sealed class Stragglers(
    StateFolder state, RankTable table, StandbyTable standbys, ILogger<Stragglers> log)
{
    private const int Rounds = 5;

    /// <summary>Ends the left processes of an attempt and of every earlier one.</summary>
    /// <exception cref="IOException">The kernel's list of processes cannot be read.</exception>
    public void End(string jobId, uint attempt)
    {
        var ended = new SortedSet<int>();
        // A process may start another while it is looked for; a few rounds end that.
        for (var round = 0; round < Rounds; round++)
        {
            var found = Find(jobId, attempt);
            if (found.Count == 0)
                break;
            foreach (var pid in found)
                TryKill(pid);
            ended.UnionWith(found);
        }

        if (ended.Count == 0)
            return;
        var pids = string.Join(", ", ended);
        log.LogWarning("Ended processes that {Job} left outside its ranks: {Pids}", jobId, pids);
    }

    private void TryKill(int pid)
    {
        try
        {
            NativeProcess.Signal(pid, NativeProcess.SignalKill);
        }
        catch (Win32Exception exception)
        {
            // It took another user's rights meanwhile. The ranks have ended, and that is what a stop promises.
            log.LogWarning("Process {Pid} cannot be ended: {Reason}", pid, exception.Message);
        }
    }

    private List<int> Find(string jobId, uint attempt)
    {
        // A supervisor has its rank's environment, and so has the pause that it leaves behind for up to a second. Both
        // are in the supervisor's session, in which no process of a rank is.
        var supervisors = table.OfJob(jobId).Select(rank => rank.Supervisor).OfType<int>().ToHashSet();
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            var name = Path.GetFileName(folder.AsSpan());
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != Environment.ProcessId
                && Belongs(Path.Combine(folder, "environ"), jobId, attempt)
                && ProcessTable.SessionOf(pid) is { } session && !supervisors.Contains(session))
                found.Add(pid);
        }

        return found;
    }

    private bool Belongs(string path, string jobId, uint attempt)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            // Most processes of a host are told apart here, without making strings of their environment.
            if (bytes.AsSpan().IndexOf("ORCHESTRATOR_JOB_ID="u8) < 0
                && bytes.AsSpan().IndexOf("ORCHESTRATOR_STANDBY="u8) < 0)
                return false;
            var variables = Encoding.UTF8.GetString(bytes).Split('\0');
            // What a standby started with stays written here, whichever rank it has become since.
            if (ValueOf(variables, "ORCHESTRATOR_STANDBY=") is { } folder)
                return standbys.IsOfJob(jobId, folder) && standbys.AttemptOf(jobId, folder) <= attempt;
            // Virtual hosts share one process table, and clusters may share names: the socket is this agent's alone.
            return variables.Contains($"ORCHESTRATOR_JOB_ID={jobId}")
                && variables.Contains($"ORCHESTRATOR_AGENT_SOCKET={state.TrainingSocket}")
                && uint.TryParse(ValueOf(variables, "ORCHESTRATOR_ATTEMPT="), CultureInfo.InvariantCulture, out var of)
                && of <= attempt;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException || ProcessTable.IsGone(exception))
        {
            // Gone meanwhile, or another user's, which no rank of this agent is.
            return false;
        }
    }

    private static string? ValueOf(string[] variables, string prefix) =>
        variables.FirstOrDefault(variable => variable.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
}
