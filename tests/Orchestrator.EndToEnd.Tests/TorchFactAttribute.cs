using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>A test that trains for real. Skipped, with a message, where PyTorch cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchFactAttribute : FactAttribute
{
    private static readonly bool IsThere = Probe();

    public TorchFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line)
    {
        if (!IsThere)
        {
            Skip = "PyTorch is missing: apt-get install python3-torch python3-grpcio python3-protobuf";
        }
    }

    private static bool Probe()
    {
        if (!File.Exists("/usr/bin/python3"))
        {
            return false;
        }

        using var process = Process.Start("/usr/bin/python3", ["-c", "import torch, grpc, google.protobuf"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
