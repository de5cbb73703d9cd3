using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development;
using Orchestrator.Cli.Tests.Development;

namespace Orchestrator.Cli.Tests.CommandLine;

public sealed class ServerAddressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Choose_OptionGiven_WinsOverAll()
    {
        ClusterOnPort(7171);

        Choose("http://a:1", "http://b:2").ShouldBe(new Uri("http://a:1"));
    }

    [Fact]
    public void Choose_VariableSet_WinsOverDevelopmentCluster()
    {
        ClusterOnPort(7171);

        Choose(null, "http://b:2").ShouldBe(new Uri("http://b:2"));
    }

    [Fact]
    public void Choose_DevelopmentCluster_WinsOverDefault()
    {
        ClusterOnPort(7171);

        Choose(null, null).ShouldBe(new Uri("http://127.0.0.1:7171"));
    }

    [Fact]
    public void Choose_NothingSaid_IsDefault() => Choose(null, null).ShouldBe(new Uri("http://127.0.0.1:7070"));

    [Theory]
    [InlineData("localhost:7070")]
    [InlineData("ftp://a:1")]
    public void Choose_NoAddress_SaysWhereItStands(string variable)
    {
        var error = Should.Throw<CliException>(() => Choose(null, variable));

        error.ExitCode.ShouldBe(ExitCode.BadUsage);
        error.Message.ShouldContain(variable);
        error.Message.ShouldContain(ServerAddress.Variable);
    }

    [Fact]
    public void Choose_SeveralAddresses_AreAllKept() =>
        ChooseAll("http://a:1, https://b:2", null).ShouldBe([new Uri("http://a:1"), new Uri("https://b:2")]);

    private Uri Choose(string? option, string? variable) => ChooseAll(option, variable).ShouldHaveSingleItem();

    private IReadOnlyList<Uri> ChooseAll(string? option, string? variable)
    {
        var environment = new CliEnvironment
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            RawOut = Stream.Null,
            IsTerminal = false,
            Variable = name => name == ServerAddress.Variable ? variable : null,
            CurrentFolder = _folder.Root,
        };
        return ServerAddress.Choose(option, new DataFolder(_folder.Root), environment).Addresses;
    }

    private void ClusterOnPort(int port) =>
        ClusterFile.Write(new DataFolder(_folder.Root), Clusters.Empty with { Port = port });
}
