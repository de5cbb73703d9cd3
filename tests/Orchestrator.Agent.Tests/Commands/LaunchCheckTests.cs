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

    [Theory]
    [InlineData("/store", false, true)]
    [InlineData("/store", true, true)]
    [InlineData("s3://models/runs?endpoint=http://ceph:7480", true, true)]
    [InlineData("s3://models/runs?endpoint=http://ceph:7480", false, false)]
    [InlineData("store", true, false)]
    public void Fault_Store_IsAFolderOrABucketBehindMemory(string store, bool inMemory, bool isRight)
    {
        var launch = With("A");
        (launch.Store, launch.KeepsInMemory) = (store, inMemory);

        (LaunchCheck.Fault(launch) is null).ShouldBe(isRight);
    }

    [Theory]
    [InlineData("out/ckpt.pt", "/store", true)]
    [InlineData("out/ckpt.pt", "", false)]
    [InlineData("/", "/store", false)]
    [InlineData("a\0b", "/store", false)]
    public void Fault_Watch_NamesAFileThatAStoreKeeps(string watch, string store, bool isRight)
    {
        var launch = With("A");
        (launch.Watch, launch.Store) = (watch, store);

        (LaunchCheck.Fault(launch) is null).ShouldBe(isRight);
    }

    private static Launch With(string name) => new()
    {
        Ranks = { new RankSlot() },
        Command = { "true" },
        WorkingDirectory = "/",
        LeaseMs = 10_000,
        Environment = { [name] = "1" },
    };
}
