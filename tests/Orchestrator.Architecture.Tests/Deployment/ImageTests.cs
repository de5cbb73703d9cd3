using System.Runtime.Versioning;
using Orchestrator.Agent.Options;
using Orchestrator.Hosting;
using Orchestrator.Silo;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using Map = System.Collections.Generic.Dictionary<object, object>;

namespace Orchestrator.Architecture.Tests.Deployment;

/// <summary>The images and the compose file name only paths, ports, options and variables that there are.</summary>
[SupportedOSPlatform("linux")]
public sealed class ImageTests
{
    private static readonly string[] Keys = ["FROM", "COPY", "RUN", "EXPOSE", "ENTRYPOINT"];

    public static TheoryData<string> Images => ["silo", "agent"];

    private static Dictionary<string, object> Compose { get; } = ReadCompose();

    [Theory]
    [MemberData(nameof(Images))]
    public void Image_CopiesAndBuildsWhatIsThere(string image)
    {
        var lines = Instructions(image);

        foreach (var copy in lines.Where(line => line.Key == "COPY" && !line.Value.StartsWith("--from", Ordinal)))
        {
            foreach (var source in copy.Value.Split(' ')[..^1])
            {
                Path.Exists(Path.Combine(Sources.Root, source)).ShouldBeTrue($"{source} of {image}.Dockerfile");
            }
        }

        var publish = lines.Single(line => line.Value.StartsWith("dotnet publish", Ordinal)).Value.Split(' ');
        Directory.EnumerateFiles(Path.Combine(Sources.Root, publish[2]), "*.csproj").ShouldHaveSingleItem();
        lines.Single(line => line.Key == "ENTRYPOINT").Value
            .ShouldContain($"/usr/lib/orchestrator/orchestrator-{image}");
        lines.ShouldContain(line => line.Value == "--from=build /app /usr/lib/orchestrator");
    }

    [Fact]
    public void Images_ExposeThePortsThatTheProgramsListenOn()
    {
        var defaults = new OrchestratorOptions();
        var silo = Ports("silo");
        silo.ShouldContain(defaults.Listen.Port);
        silo.ShouldContain(defaults.SiloPort);
        Services.Where(service => service.Key.StartsWith("silo", Ordinal))
            .ShouldAllBe(service => silo.Contains(Silo(service.Value).Http!.Port));
        Services.Where(service => service.Key.StartsWith("agent", Ordinal))
            .ShouldAllBe(service => Ports("agent").Contains(Agent(service.Value).PeerPort));
    }

    [Fact]
    public void Compose_StartsThreeSilosThatTheAgentsAndTheHostFind()
    {
        var silos = Services.Where(service => service.Key.StartsWith("silo", Ordinal)).ToDictionary();
        var addresses = silos.Values.Select(silo => new Uri($"http://{Silo(silo).Listen}")).ToArray();
        var agents = Services.Where(service => service.Key.StartsWith("agent", Ordinal)).ToDictionary();

        addresses.Length.ShouldBe(3);
        silos.Values.ShouldAllBe(silo => Address(silo) == Silo(silo).SiloAddress.ToString());
        agents.ShouldNotBeEmpty();
        agents.Values.ShouldAllBe(agent => Agent(agent).Silos.SequenceEqual(addresses));
        agents.Values.ShouldAllBe(agent => Agent(agent).Address == Address(agent));
        Services["storage"]["command"].ShouldBeOfType<List<object>>().ShouldBe(["storage", "init"]);
    }

    [Fact]
    public void Compose_BuildsFromTheImagesHere()
    {
        foreach (var build in Services.Values.Select(service => service.GetValueOrDefault("build")).OfType<Map>())
        {
            var context = Path.GetFullPath(Path.Combine(Sources.Root, "docker", (string)build["context"]));
            context.TrimEnd('/').ShouldBe(Sources.Root.TrimEnd('/'));
            File.Exists(Path.Combine(context, (string)build["dockerfile"])).ShouldBeTrue();
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static Dictionary<string, Map> Services => ((Map)Compose["services"])
        .ToDictionary(service => (string)service.Key, service => (Map)service.Value);

    private static OrchestratorOptions Silo(Map service)
    {
        var postgres = (string)((Map)service["environment"])["ORCHESTRATOR_POSTGRES"];
        var options = SiloCommandLine.Parse(["--postgres", postgres, .. Command(service)], out var problems);
        problems.ShouldBeEmpty();
        return options;
    }

    private static AgentOptions Agent(Map service)
    {
        var entry = Instructions("agent").Single(line => line.Key == "ENTRYPOINT").Value.Trim('[', ']')
            .Split(',', StringSplitOptions.TrimEntries).Select(word => word.Trim('"')).Skip(1);
        var commandLine = new AgentCommandLine();
        var options = commandLine.Parse([.. entry, .. Command(service)]);
        commandLine.Errors.ShouldBeEmpty();
        return options!;
    }

    private static IEnumerable<string> Command(Map service) => ((List<object>)service["command"]).Cast<string>();

    private static string Address(Map service) =>
        (string)((Map)((Map)service["networks"])["private"])["ipv4_address"];

    private static int[] Ports(string image) => [.. Instructions(image).Single(line => line.Key == "EXPOSE").Value
        .Split(' ').Select(int.Parse)];

    private static KeyValuePair<string, string>[] Instructions(string image) =>
        [.. File.ReadAllText(Path.Combine(Sources.Root, "docker", $"{image}.Dockerfile"))
            .Replace("\\\n", " ", Ordinal).Split('\n')
            .Select(line => line.Split(' ', 2))
            .Where(words => Keys.Contains(words[0]))
            .Select(words => KeyValuePair.Create(words[0], words[1]))];

    private static Dictionary<string, object> ReadCompose()
    {
        var text = File.ReadAllText(Path.Combine(Sources.Root, "docker", "compose.yaml"));
        var parser = new MergingParser(new Parser(new StringReader(text)));
        parser.Consume<StreamStart>();
        return new Deserializer().Deserialize<Dictionary<string, object>>(parser);
    }
}
