using System.Diagnostics;
using Orchestrator.Cli.Development;
using Orchestrator.Cli.Tests.CommandLine;

namespace Orchestrator.Cli.Tests.Development;

/// <summary>Programs that stand in for silo and agent: they say how they were started, and wait.</summary>
internal sealed class StandIns : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();

    public StandIns()
    {
        Directory.CreateDirectory(_folder.At("bin"));
        Process.Start("mkfifo", _folder.At("silo-started")).WaitForExit();
        // The word about the start is a pipe: whoever reads it waits until it is said.
        WriteProgram("orchestrator-silo", "echo \"$@\"\necho \"$@\" > \"$(dirname \"$0\")/../silo-started\" "
            + "&\nsleep 300");
        WriteProgram("orchestrator-agent", "echo \"$@ $ORCHESTRATOR_BOOT_ID\"\nsleep 300");
    }

    public DataFolder Data => new(_folder.At("data"));

    public Dictionary<string, string> Variables => new()
    {
        [DataFolder.Variable] = Data.Root,
        [BinaryFinder.Variable] = _folder.At("bin"),
    };

    public void WriteProgram(string name, string script)
    {
        File.WriteAllText(_folder.At("bin", name), "#!/bin/sh\n" + script + "\n");
        Process.Start("chmod", ["+x", _folder.At("bin", name)]).WaitForExit();
    }

    public Task<CliRun> RunAsync(params string[] arguments) => CliRun.OfAsync(Variables, arguments);

    /// <summary>The silo's arguments, as soon as one has started.</summary>
    public async Task<string[]> SiloStartedAsync()
    {
        var reading = Task.Run(() => File.ReadAllText(_folder.At("silo-started")));
        var arguments = await reading.WaitAsync(Patience, TestContext.Current.CancellationToken);
        return arguments.Trim().Split(' ');
    }

    public void Dispose() => _folder.Dispose();
}
