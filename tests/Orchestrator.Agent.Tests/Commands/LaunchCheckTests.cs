using Orchestrator.Agent.Commands;
using Orchestrator.Protocol.V1;
using Orchestrator.Tests.Shared;

namespace Orchestrator.Agent.Tests.Commands;

public sealed class LaunchCheckTests
{
    [Theory]
    [MemberData(nameof(EnvironmentNames.Good), MemberType = typeof(EnvironmentNames))]
    [MemberData(nameof(EnvironmentNames.Reserved), MemberType = typeof(EnvironmentNames))]
    public void Fault_NameThatAShellPassesOn_IsNone(string name) => LaunchCheck.Fault(With(name)).ShouldBeNull();

    [Theory]
    [MemberData(nameof(EnvironmentNames.Bad), MemberType = typeof(EnvironmentNames))]
    public void Fault_NameThatNoShellPassesOn_IsNamed(string name) =>
        LaunchCheck.Fault(With(name)).ShouldNotBeNull().ShouldContain($"'{name}'");

    private static Launch With(string name) => new()
    {
        Ranks = { new RankSlot() },
        Command = { "true" },
        WorkingDirectory = "/",
        LeaseMs = 10_000,
        Environment = { [name] = "1" },
    };
}
