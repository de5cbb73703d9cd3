using System.Collections;
using System.Globalization;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Ranks;

/// <summary>Builds what a rank finds in its environment.</summary>
internal sealed class RankEnvironment(HostIdentity host, StateFolder state)
{
    // Taken once at start: nothing that a library sets later inside the agent reaches a rank.
    private readonly Dictionary<string, string> _inherited = Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    public Dictionary<string, string> For(RankSpec spec, RankSlot slot, Launch launch, RankFolder folder)
    {
        var environment = OfJob(launch);
        // The job may set everything but what makes it this rank of this attempt.
        foreach (var (name, value) in Reserved(spec, slot, launch, folder))
            environment[name] = value;
        return environment;
    }

    /// <summary>What every rank of the job finds here, whatever its number and attempt.</summary>
    public Dictionary<string, string> OfJob(Launch launch)
    {
        var environment = new Dictionary<string, string>(_inherited);
        environment.TryAdd("OMP_NUM_THREADS", "1");
        environment.TryAdd("PYTHONUNBUFFERED", "1");
        environment.Remove("ORCHESTRATOR_RESUME_STEP");
        environment.Remove("ORCHESTRATOR_RESUME_PATHS");
        environment.Remove(SavePlans.Variable);
        foreach (var (name, value) in launch.Environment)
            environment[name] = value;
        return environment;
    }

    private Dictionary<string, string> Reserved(RankSpec spec, RankSlot slot, Launch launch, RankFolder folder)
    {
        var reserved = new Dictionary<string, string>
        {
            ["RANK"] = Text(slot.Rank),
            ["LOCAL_RANK"] = Text(slot.LocalRank),
            ["WORLD_SIZE"] = Text(launch.WorldSize),
            ["LOCAL_WORLD_SIZE"] = Text(launch.RanksPerNode),
            ["GROUP_RANK"] = Text(launch.NodeRank),
            ["GROUP_WORLD_SIZE"] = Text(launch.NodeCount),
            ["ROLE_RANK"] = Text(slot.Rank),
            ["ROLE_WORLD_SIZE"] = Text(launch.WorldSize),
            ["ROLE_NAME"] = "default",
            ["MASTER_ADDR"] = launch.MasterAddress,
            ["MASTER_PORT"] = Text(launch.MasterPort),
            ["TORCHELASTIC_RUN_ID"] = spec.JobId,
            ["TORCHELASTIC_RESTART_COUNT"] = Text(Math.Max(spec.Attempt, 1) - 1),
            // The control plane decides about restarts; scripts only ever compare against this one.
            ["TORCHELASTIC_MAX_RESTARTS"] = Text(int.MaxValue),
            ["TORCHELASTIC_ERROR_FILE"] = folder.ErrorFile,
            ["ORCHESTRATOR_JOB_ID"] = spec.JobId,
            ["ORCHESTRATOR_ATTEMPT"] = Text(spec.Attempt),
            ["ORCHESTRATOR_NODE"] = host.Name,
            ["ORCHESTRATOR_AGENT_SOCKET"] = state.TrainingSocket,
        };
        if (spec.Resume is { } resume)
        {
            reserved["ORCHESTRATOR_RESUME_STEP"] = resume.Step.ToString(CultureInfo.InvariantCulture);
            // No paths: a script asks the agent for them, which reads the shard once more before it answers.
            reserved["ORCHESTRATOR_RESUME_PATHS"] = "";
        }
        else
        {
            // Said outright, so that no script has to ask.
            reserved["ORCHESTRATOR_RESUME_PATHS"] = "{}";
        }

        // All ranks of the attempt know it from their first step on, and not only from their first report.
        if (launch.SavePlan is { } plan)
            reserved[SavePlans.Variable] = plan.ToText();
        return reserved;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
