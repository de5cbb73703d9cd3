using System.ComponentModel;
using System.Globalization;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Leases;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Standbys;

/// <summary>Starts standbys: the job's own command, under the same supervisor, in a folder of its own.</summary>
internal sealed class StandbyStarter(
    StateFolder state,
    RankEnvironment environment,
    LeaseFiles leases,
    StandbyTable table,
    TimeProvider time,
    ILogger<StandbyStarter> log)
{
    private const string Shell = "/bin/sh";
    private int _started;

    public StandbyPlan PlanOf(Launch launch) => new(launch, environment.OfJob(launch));

    /// <exception cref="IOException">The standby's folder cannot be written.</exception>
    /// <exception cref="Win32Exception">The kernel refused to start the supervisor.</exception>
    public void Start(string jobId, Launch launch)
    {
        SupervisorScript.Install(state);
        EmbeddedFile.Install("sitecustomize.py", Path.Combine(state.StandbyHook, "sitecustomize.py"));
        var folder = new RankFolder(Path.Combine(table.FolderOf(jobId), NewName()));
        Directory.CreateDirectory(folder.Path);
        try
        {
            var standby = new Standby(jobId, folder, PlanOf(launch)) { StartedAt = time.GetTimestamp() };
            Start(standby);
            log.LogInformation("Started {Standby}, which imports {Imports}", standby, standby.Plan.Imports);
        }
        catch (Exception exception) when (exception is IOException or Win32Exception)
        {
            // It is tried again at every look, and would leave a folder each time.
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }
    }

    private void Start(Standby standby)
    {
        var (folder, plan) = (standby.Folder, standby.Plan);
        // Before the process is there: whoever meets a process of this folder must find out what it is.
        table.Add(standby);
        try
        {
            standby.Supervisor = NativeSpawn.Start(
                [
                    Shell, state.SupervisorScript, folder.Path, leases.PathOf(standby.JobId), state.Notices,
                    plan.WorkingDirectory, .. plan.Command,
                ],
                plan.EnvironmentIn(folder.Path, state.StandbyHook),
                folder.SupervisorLog);
        }
        catch (Win32Exception)
        {
            table.Remove(standby);
            standby.Dispose();
            throw;
        }
    }

    // No name comes twice within a boot, also not after a restart of the agent.
    private string NewName() => string.Create(
        CultureInfo.InvariantCulture, $"{(long)BootClock.Now.TotalMilliseconds}-{Interlocked.Increment(ref _started)}");
}
