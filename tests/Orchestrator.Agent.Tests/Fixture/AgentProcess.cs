using System.Diagnostics;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>The agent as it ships, in a process of its own.</summary>
public sealed class AgentProcess : IDisposable
{
    private const int SignalStop = 19;
    private const int SignalContinue = 18;
    private readonly Process _process;

    public AgentProcess(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "orchestrator-agent"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // It lives for seconds: compiling anew what is called often costs more than it gains.
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Output.Add(line.Data ?? "(end of output)");
        _process.ErrorDataReceived += (_, line) => Output.Add(line.Data ?? "(end of errors)");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Journal<string> Output { get; } = new();

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public void Suspend() => NativeProcess.Signal(_process.Id, SignalStop);

    public void Resume() => NativeProcess.Signal(_process.Id, SignalContinue);

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> TerminateAsync()
    {
        NativeProcess.Signal(_process.Id, NativeProcess.SignalTerminate);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Resume();
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
