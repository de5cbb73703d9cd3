using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Tests.Development;

/// <summary>A real process that does nothing and carries a marker; ended with the test.</summary>
internal sealed class SleepingProcess : IDisposable
{
    private readonly ProcessIdentity _process;

    public SleepingProcess(string folder, string variable, string? value) => _process = DetachedProcess.Start(
        "/bin/sleep", ["300"], new Dictionary<string, string?> { [variable] = value }, folder, "/dev/null");

    public int Pid => _process.Pid;

    public ProcessIdentity Identity => _process;

    public bool IsRunning => ProcessTable.IsRunning(_process);

    public void Dispose()
    {
        if (IsRunning)
            Signals.Send(Pid, Signals.Kill);
    }
}
