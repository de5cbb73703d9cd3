using System.Globalization;
using System.Text.Json;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Standbys;

/// <summary>What a standby is started with; it becomes a rank only of a launch that would start it the same.</summary>
internal sealed class StandbyPlan
{
    private readonly string _fingerprint;

    /// <param name="launch">The launch, of which only what all ranks of all attempts share is taken.</param>
    /// <param name="environment">The environment that they share.</param>
    public StandbyPlan(Launch launch, Dictionary<string, string> environment)
    {
        Command = [.. launch.Command];
        WorkingDirectory = launch.WorkingDirectory;
        Imports = string.Join(' ', launch.StandbyImports);
        Environment = environment;
        var sorted = new SortedDictionary<string, string>(environment, StringComparer.Ordinal);
        _fingerprint = JsonSerializer.Serialize(new { Command, WorkingDirectory, Imports, Environment = sorted });
    }

    public IReadOnlyList<string> Command { get; }

    public string WorkingDirectory { get; }

    /// <summary>Names of modules, with a space between two.</summary>
    public string Imports { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public bool IsSameAs(StandbyPlan other) => _fingerprint == other._fingerprint;

    /// <summary>What a standby finds in its environment; Python finds our hook first, and the hook the rest.</summary>
    public Dictionary<string, string> EnvironmentIn(string folder, string hookFolder)
    {
        var own = new Dictionary<string, string>(Environment)
        {
            ["ORCHESTRATOR_STANDBY"] = folder,
            ["ORCHESTRATOR_STANDBY_IMPORT"] = Imports,
            ["PYTHONPATH"] = hookFolder,
        };
        // An empty entry would mean the working directory.
        if (Environment.TryGetValue("PYTHONPATH", out var paths) && paths.Length > 0)
            own["PYTHONPATH"] = string.Create(CultureInfo.InvariantCulture, $"{hookFolder}:{paths}");
        return own;
    }

    /// <summary>
    /// What has to change in the environment for it to be that of a rank; null removes. What the shells in between
    /// have set stays, as it does where a rank is started right away.
    /// </summary>
    public Dictionary<string, string?> ChangesTo(IReadOnlyDictionary<string, string> rank)
    {
        var changes = new Dictionary<string, string?>();
        foreach (var name in Environment.Keys.Where(name => !rank.ContainsKey(name)))
            changes[name] = null;
        foreach (var (name, value) in rank)
        {
            // The hook has changed this one, and cannot tell an empty value from none.
            if (name == "PYTHONPATH" || Environment.GetValueOrDefault(name) != value)
                changes[name] = value;
        }

        return changes;
    }
}
