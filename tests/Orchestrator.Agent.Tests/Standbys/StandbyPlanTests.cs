using Orchestrator.Agent.Standbys;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Standbys;

public class StandbyPlanTests
{
    [Fact]
    public void ChangesTo_Rank_SetsWhatDiffersRemovesWhatIsGoneAndLeavesTheRest()
    {
        var plan = new StandbyPlan(new Launch(), new() { ["SAME"] = "1", ["OTHER"] = "1", ["GONE"] = "1" });

        var changes = plan.ChangesTo(new Dictionary<string, string> { ["SAME"] = "1", ["OTHER"] = "2", ["NEW"] = "" });

        changes.ShouldBe(
            new Dictionary<string, string?> { ["GONE"] = null, ["OTHER"] = "2", ["NEW"] = "" }, ignoreOrder: true);
    }

    [Theory]
    [InlineData(null, "/hook")]
    [InlineData("", "/hook")]
    [InlineData("/a:/b", "/hook:/a:/b")]
    public void EnvironmentIn_PythonPath_BeginsWithTheHookAndGainsNoEmptyEntry(string? paths, string expected)
    {
        var environment = new Dictionary<string, string>();
        if (paths is not null)
            environment["PYTHONPATH"] = paths;
        var plan = new StandbyPlan(new Launch(), environment);

        plan.EnvironmentIn("/folder", "/hook")["PYTHONPATH"].ShouldBe(expected);
        // The hook takes its folder out again, and what is left may look like a variable that was never set.
        plan.ChangesTo(environment).ContainsKey("PYTHONPATH").ShouldBe(paths is not null);
    }
}
