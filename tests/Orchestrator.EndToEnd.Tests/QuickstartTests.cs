using System.Security.Cryptography;
using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

public sealed class QuickstartTests
{
    [TorchFact]
    public async Task HostOfRankZeroKilled_ResumedFromLastCheckpoint_SameWeightsAsWithoutTheFault()
    {
        var data = Directory.CreateTempSubdirectory("orchestrator-quickstart-").FullName;
        var run = await ProgramRun.OfAsync(
            "/usr/bin/python3",
            TimeSpan.FromMinutes(4),
            Path.Combine(Checkout.Samples, "quickstart.py"),
            "--json",
            "--steps",
            "60",
            "--seed",
            "3",
            "--kill-host",
            "host1",
            "--data",
            data);

        run.ExitCode.ShouldBe(0, run.Error);
        var result = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]).RootElement;
        result.GetProperty("killed_host").GetString().ShouldBe("host1");
        result.GetProperty("attempts").GetInt32().ShouldBe(2);
        result.GetProperty("steps_lost").GetInt32().ShouldBeInRange(1, 10);
        result.GetProperty("final_weights_sha256").GetString()
            .ShouldBe(result.GetProperty("uninterrupted_weights_sha256").GetString());
        // The files themselves, not only what the quickstart says of them.
        Hash(result, "weights_path").ShouldBe(Hash(result, "uninterrupted_weights_path"));
        Directory.Delete(data, recursive: true);
    }

    private static string Hash(JsonElement result, string path) =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(result.GetProperty(path).GetString()!)));
}
