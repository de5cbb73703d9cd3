using System.Globalization;
using System.Net;
using Orchestrator.Hosting;

namespace Orchestrator.Silo;

/// <summary>The silo's command line.</summary>
internal static class SiloCommandLine
{
    public const string Usage =
        """
        orchestrator-silo --data FOLDER [--listen 127.0.0.1:7070] [--spares 0]
                          [--silo-port 11111] [--orleans-gateway-port 30000]

          --data FOLDER            folder of the database; made when missing
          --listen ADDRESS:PORT    where agents and clients connect (loopback only: no authentication yet)
          --spares N               free nodes held back from new jobs, for replacements
          --silo-port N            port between silos, on loopback
          --orleans-gateway-port N port of Orleans' own client gateway, on loopback
        """;

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="problems">Every problem found.</param>
    /// <returns>The options; not to be used when there are problems.</returns>
    public static OrchestratorOptions Parse(IReadOnlyList<string> arguments, out IReadOnlyList<string> problems)
    {
        var options = new OrchestratorOptions();
        var found = new List<string>();
        for (var index = 0; index < arguments.Count; index += 2)
        {
            var value = index + 1 < arguments.Count ? arguments[index + 1] : null;
            if (value is null)
            {
                found.Add($"{arguments[index]}: a value is missing.");
            }
            else if (!Set(options, arguments[index], value))
            {
                found.Add($"{arguments[index]} {value}: unknown option, or not a value for it.");
            }
        }

        found.AddRange(options.Problems());
        problems = found;
        return options;
    }

    private static bool Set(OrchestratorOptions options, string name, string value)
    {
        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        switch (name)
        {
            case "--data":
                options.DataFolder = Path.GetFullPath(value);
                return true;
            case "--listen" when IPEndPoint.TryParse(value, out var endpoint) && endpoint.Port > 0:
                options.Listen = endpoint;
                return true;
            case "--spares" when isNumber:
                options.Spares = number;
                return true;
            case "--silo-port" when isNumber:
                options.SiloPort = number;
                return true;
            case "--orleans-gateway-port" when isNumber:
                options.OrleansGatewayPort = number;
                return true;
            default:
                return false;
        }
    }
}
