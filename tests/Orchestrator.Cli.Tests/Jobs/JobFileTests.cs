using Orchestrator.Cli.Jobs.JobFiles;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Tests.Jobs;

public sealed class JobFileTests
{
    private const string Smallest = "name: train\nnodes: 4\ncommand: [python3, train.py]\n";

    [Fact]
    public void Parse_Smallest_HasDefaults()
    {
        var (spec, problems) = Parse(Smallest);

        problems.ShouldBeEmpty();
        spec.ShouldBe(new JobSpec
        {
            Name = "train",
            Nodes = 4,
            RanksPerNode = 1,
            Command = { "python3", "train.py" },
            WorkingDirectory = "/jobs",
            Recovery = new RecoveryPolicy { StopAfterNoProgress = 3, StopGraceMs = 10_000, LeaseMs = 10_000 },
        });
    }

    [Fact]
    public void Parse_Everything_HasAll()
    {
        var (spec, problems) = Parse(
            """
            name: train
            nodes: 4
            ranksPerNode: 8
            command: exec python3 train.py | tee out
            workingDirectory: ../code
            environment: {LOG: debug, EMPTY: "", NUMBER: 7}
            checkpoint:
              store: ./checkpoints/
              keep: 5
              keepEvery: 1000
              memory: true
              watch: out/*.pt
              every: auto
            recovery:
              stopAfterNoProgress: 2
              stopGrace: 2m
              lease: 5s
            synchronous: false
            standby:
              import: [torch, "torch.distributed"]
            resumeCommand: [python3, train.py, --resume, "{checkpoint}"]
            """);

        problems.ShouldBeEmpty();
        spec.ShouldBe(new JobSpec
        {
            Name = "train",
            Nodes = 4,
            RanksPerNode = 8,
            Command = { "sh", "-c", "exec python3 train.py | tee out" },
            WorkingDirectory = "/code",
            Environment = { ["LOG"] = "debug", ["EMPTY"] = "", ["NUMBER"] = "7" },
            Checkpoint = new CheckpointPolicy
            {
                Store = "/jobs/checkpoints",
                Keep = 5,
                KeepEvery = 1000,
                Memory = true,
                Watch = "out/*.pt",
                AutoInterval = true,
            },
            Recovery = new RecoveryPolicy { StopAfterNoProgress = 2, StopGraceMs = 120_000, LeaseMs = 5_000 },
            Synchronous = false,
            StandbyImports = { "torch", "torch.distributed" },
            ResumeCommand = { "python3", "train.py", "--resume", "{checkpoint}" },
        });
    }

    [Theory]
    [InlineData("nods: 4", "nods", "unknown key; did you mean nodes? Allowed here: name, nodes, ranksPerNode")]
    [InlineData("gpus: 4", "gpus", "unknown key; allowed here: name, nodes, ranksPerNode")]
    [InlineData("ranks_per_node: 4", "ranks_per_node", "did you mean ranksPerNode?")]
    [InlineData("<<: {}", "<<", "write the keys out")]
    [InlineData("nodes: 5", "nodes", "stands there twice")]
    [InlineData("checkpoint: {store: s, kep: 1}", "checkpoint.kep", "did you mean keep? Allowed here: store, keep")]
    [InlineData("checkpoint: {store: s, keep: 1, keep: 2}", "checkpoint.keep", "stands there twice")]
    [InlineData("checkpoint: {store: [s]}", "checkpoint.store", "must be a text")]
    [InlineData("checkpoint: {keep: 1}", "checkpoint.store", "is missing")]
    [InlineData("checkpoint: {store: s, keep: 0}", "checkpoint.keep", "a whole number from 1 to 10000, not '0'")]
    [InlineData("checkpoint: {store: s, watch: [a]}", "checkpoint.watch", "must be a text")]
    [InlineData("checkpoint: {store: s, watch: ''}", "checkpoint.watch", "a text that is not empty")]
    [InlineData("checkpoint: {store: s, memory: yes}", "checkpoint.memory", "must be true or false, not 'yes'")]
    [InlineData("checkpoint: {store: s, every: 5m}", "checkpoint.every", "must be auto, not '5m'")]
    [InlineData("checkpoint: {store: s, keepEvery: few}", "checkpoint.keepEvery", "not 'few'")]
    [InlineData("resumeCommand: []", "resumeCommand", "")]
    [InlineData("resumeCommand: {a: b}", "resumeCommand", "")]
    [InlineData("checkpoint: s", "checkpoint", "a mapping with the keys store, keep")]
    [InlineData("recovery: {lease: 10}", "recovery.lease", "a duration such as 500ms, 10s or 2m")]
    [InlineData("recovery: {lease: 2s}", "recovery.lease", "from 3s to 60m, not '2s'")]
    [InlineData("recovery: {stopGrace: 61m}", "recovery.stopGrace", "from 1ms to 60m, not '61m'")]
    [InlineData("recovery: {stopGrace: -1s}", "recovery.stopGrace", "not '-1s'")]
    [InlineData("recovery: {stopAfterNoProgress: no}", "recovery.stopAfterNoProgress", "not 'no'")]
    [InlineData("synchronous: no", "synchronous", "must be true or false, not 'no'")]
    [InlineData("synchronous: [true]", "synchronous", "must be true or false")]
    [InlineData("ranksPerNode: 1.5", "ranksPerNode", "not '1.5'")]
    [InlineData("ranksPerNode: [1]", "ranksPerNode", "a whole number from 1 to 128")]
    [InlineData("workingDirectory:", "workingDirectory", "a text that is not empty")]
    [InlineData("environment: [A]", "environment", "a mapping of names to texts")]
    [InlineData("environment: {A-B: c}", "environment.A-B", "letters, digits and '_'")]
    [InlineData("environment: {A: [c]}", "environment.A", "must be a text")]
    [InlineData("standby: {}", "standby.import", "is missing; it must be a list of Python modules")]
    [InlineData("standby: {import: torch}", "standby.import", "must be a list of Python modules, such as [torch]")]
    [InlineData("standby: {import: []}", "standby.import", "must be a list of Python modules")]
    [InlineData("standby: {import: [[a]]}", "standby.import", "must be a list of Python modules")]
    [InlineData("standby: {import: [a], delay: 5s}", "standby.delay", "unknown key; allowed here: import")]
    public void Parse_OneWrongLine_SaysLineKeyAndWhatIsAllowed(string line, string key, string message)
    {
        var (_, problems) = Parse(Smallest + line);

        var problem = problems.ShouldHaveSingleItem();
        problem.Line.ShouldBe(4);
        problem.Key.ShouldBe(key);
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void Parse_ResumeCommandAsText_RunsUnderAShellAndAsItStands()
    {
        var (spec, problems) = Parse(Smallest + "resumeCommand: exec python3 train.py --resume '{checkpoint}'\n");

        problems.ShouldBeEmpty();
        spec.ResumeCommand.ShouldBe(["sh", "-c", "exec python3 train.py --resume '{checkpoint}'"]);
    }

    [Theory]
    [InlineData("s3://models/runs?endpoint=https://ceph:7480&region=eu-1")]
    [InlineData("s3://models")]
    public void Parse_StoreInABucket_IsNoPath(string store)
    {
        var (spec, problems) = Parse(Smallest + $"checkpoint: {{store: \"{store}\", memory: true}}\n");

        problems.ShouldBeEmpty();
        spec.Checkpoint.Store.ShouldBe(store);
    }

    [Theory]
    [InlineData("name: Train", "name")]
    [InlineData("name: a_b", "name")]
    [InlineData("name: -a", "name")]
    [InlineData("name: [a]", "name")]
    [InlineData("nodes: 4097", "nodes")]
    [InlineData("name: aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx", "name")]
    [InlineData("nodes: 0", "nodes")]
    [InlineData("nodes: four", "nodes")]
    [InlineData("nodes: 4294967296", "nodes")]
    [InlineData("command: []", "command")]
    [InlineData("command: ''", "command")]
    [InlineData("command: [a, [b]]", "command")]
    [InlineData("command: ['', b]", "command")]
    [InlineData("command: {a: b}", "command")]
    public void Parse_WrongRequiredValue_IsAProblemOfItsLine(string line, string key)
    {
        var others = Smallest.Split('\n').Where(other => !other.StartsWith(key, StringComparison.Ordinal));

        var (_, problems) = Parse(line + "\n" + string.Join('\n', others));

        var problem = problems.ShouldHaveSingleItem();
        problem.Line.ShouldBe(1);
        problem.Key.ShouldBe(key);
    }

    [Fact]
    public void Parse_ManyProblems_ReportsAllAtOnce()
    {
        var (_, problems) = Parse("nodes: 0\nfoo: 1\n\nrecovery:\n  lease: soon\n  bar: 2\n");

        problems.Select(problem => (problem.Line, problem.Key)).Order().ShouldBe(
        [
            (1, "command"), (1, "name"), (1, "nodes"), (2, "foo"), (5, "recovery.lease"), (6, "recovery.bar"),
        ]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b\n")]
    [InlineData("just words")]
    [InlineData("name: a\n---\nname: b\n")]
    [InlineData("name: 'open\n")]
    [InlineData("name: *nobody\n")]
    public void Parse_NoSingleMapping_IsOneProblem(string text)
    {
        var (_, problems) = Parse(text);

        problems.ShouldHaveSingleItem().Line.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("", 1, "is empty")]
    [InlineData("# only a remark\n", 1, "is empty")]
    [InlineData("- name: a\n", 1, "is a list")]
    [InlineData("just words", 1, "is only a text")]
    [InlineData("name: a\n---\nname: b\n", 3, "a second one begins here")]
    [InlineData("name: a\nrecovery:\n\tlease: 5s\n", 3, "a tab cannot indent")]
    public void Parse_AnotherDocument_SaysWhatItIs(string text, int line, string message)
    {
        var (_, problems) = Parse(text);

        var problem = problems.ShouldHaveSingleItem();
        problem.Line.ShouldBe(line);
        problem.Message.ShouldContain(message);
        problem.Message.ShouldNotContain("Lin:");
        problem.Message.ShouldNotContain("Line:");
    }

    [Fact]
    public void Parse_KeysTwice_ReportsEachWithTheOtherProblemsAndTakesTheFirst()
    {
        var (spec, problems) = Parse(
            Smallest + "name: other\nnodes: [1, {a: b}]\nenvironment: {A: 1, A: 2}\nnods: 1\n");

        problems.Select(problem => (problem.Line, problem.Key)).Order()
            .ShouldBe([(4, "name"), (5, "nodes"), (6, "environment.A"), (7, "nods")]);
        spec.Name.ShouldBe("train");
        spec.Environment["A"].ShouldBe("1");
    }

    [Fact]
    public void Parse_AnchorsAndAliases_AreWhatTheyStandFor()
    {
        var (spec, problems) = Parse(
            "name: &id train\nnodes: 2\ncommand: [run, *id]\nenvironment: {A: *id}\n");

        problems.ShouldBeEmpty();
        spec.Command.ShouldBe(["run", "train"]);
        spec.Environment["A"].ShouldBe("train");
    }

    [Theory]
    [InlineData("command: &a [x, *a]")]
    [InlineData("environment: &a {A: *a}")]
    public void Parse_AliasOfItsOwnNode_IsAProblemAndNoEndlessLoop(string line)
    {
        var others = Smallest.Split('\n').Where(other => !line.StartsWith(other.Split(':')[0], StringComparison.Ordinal)
            || other.Length == 0);

        Parse(string.Join('\n', others) + "\n" + line + "\n").Problems.ShouldNotBeEmpty();
    }

    [Fact]
    public void Parse_Overrides_WinOverFile()
    {
        var overrides = new JobOverrides("other", ["A=1", "B=x=y", "A=2"]);

        var (spec, problems) = JobFile.Parse(Smallest + "environment: {A: 0, C: 3}\n", "/jobs", overrides);

        problems.ShouldBeEmpty();
        spec.Name.ShouldBe("other");
        spec.Environment.ShouldBe(
            new Dictionary<string, string> { ["A"] = "2", ["B"] = "x=y", ["C"] = "3" }, ignoreOrder: true);
    }

    [Fact]
    public void Parse_WrongOverrides_AreProblemsOfTheCommandLine()
    {
        var (_, problems) = JobFile.Parse(Smallest, "/jobs", new JobOverrides("Not this", ["A", "1=2"]));

        problems.Select(problem => problem.Key).ShouldBe(["--name", "--env", "--env"]);
        problems.ShouldAllBe(problem => problem.Line == 0);
    }

    private static (JobSpec Spec, IReadOnlyList<JobFileProblem> Problems) Parse(string text) =>
        JobFile.Parse(text, "/jobs", JobOverrides.None);
}
