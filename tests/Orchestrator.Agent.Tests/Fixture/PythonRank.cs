using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>A rank that is a Python script with the client at hand.</summary>
internal static class PythonRank
{
    public const string Interpreter = "/usr/bin/python3";

    private static readonly string Checkout = FindCheckout();

    public static Command Launch(HostUnderTest host, string script)
    {
        var command = host.Launch("");
        command.Launch.Command.Clear();
        command.Launch.Command.Add([Interpreter, "-c", script]);
        command.Launch.Environment["PYTHONPATH"] = Path.Combine(Checkout, "src", "python");
        return command;
    }

    public static string ReadDocument(string name) => File.ReadAllText(Path.Combine(Checkout, "docs", name));

    private static string FindCheckout()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orchestrator.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no checkout.");
        }

        return folder;
    }
}
