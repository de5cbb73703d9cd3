using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>A test whose ranks are Python scripts. Skipped, with a message, where modules are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    private const string Modules = "torch, grpc, google.protobuf";
    private static readonly bool IsThere = Probe();

    public PythonFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line)
    {
        if (!IsThere)
            Skip = "Python is missing: apt-get install python3-torch python3-grpcio python3-protobuf";
    }

    private static bool Probe()
    {
        if (!File.Exists(PythonRank.Interpreter))
            return false;
        using var process = Process.Start(PythonRank.Interpreter, ["-c", $"import {Modules}"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
