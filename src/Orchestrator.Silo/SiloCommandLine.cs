using System.Globalization;
using System.Net;
using Orchestrator.Hosting;

namespace Orchestrator.Silo;

/// <summary>The silo's command line.</summary>
internal static class SiloCommandLine
{
    public const string Usage =
        """
        orchestrator-silo --data FOLDER | --postgres CONNECTION [option ...]
        orchestrator-silo storage init|check --data FOLDER | --postgres CONNECTION

          --data FOLDER            one silo: folder of its database; made when missing
          --postgres CONNECTION    a cluster of silos: its database, such as
                                   'Host=db1;Database=orchestrator;Username=orchestrator'; without the option the
                                   variable ORCHESTRATOR_POSTGRES says it, which keeps a password out of sight
          --listen ADDRESS:PORT    where agents and clients connect (127.0.0.1:7070)
          --http ADDRESS:PORT      where probes ask for /livez and /readyz, and Prometheus for /metrics
                                   (nowhere)
          --cluster NAME           name of the cluster in its database (orchestrator)
          --silo-address ADDRESS   where the other silos reach this one (127.0.0.1)
          --trust-network yes      listen on more than loopback, although there is no authentication yet
          --spares N               free nodes held back from new jobs, for replacements (0)
          --replacements-per-minute N  nodes given in place of others within a minute, to all jobs together (20)
          --silo-port N            port between silos (11111)
          --orleans-gateway-port N port of Orleans' own client gateway (30000)

        storage init fills an empty database or brings an older one up to date; storage check only looks.
        Exit codes: 0 all is well; 2 wrong usage; 3 the database must not be worked on.
        """;

    private const string PostgresVariable = "ORCHESTRATOR_POSTGRES";

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

        if (options is { DataFolder: "", Postgres: "" })
        {
            options.Postgres = Environment.GetEnvironmentVariable(PostgresVariable) ?? "";
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
            case "--http" when IPEndPoint.TryParse(value, out var endpoint) && endpoint.Port > 0:
                options.Http = endpoint;
                return true;
            case "--postgres":
                options.Postgres = value;
                return true;
            case "--cluster" when value.Length > 0:
                options.Cluster = value;
                return true;
            case "--silo-address" when IPAddress.TryParse(value, out var address):
                options.SiloAddress = address;
                return true;
            case "--trust-network" when value is "yes" or "no":
                options.IsNetworkTrusted = value == "yes";
                return true;
            case "--spares" when isNumber:
                options.Spares = number;
                return true;
            case "--replacements-per-minute" when isNumber:
                options.ReplacementsPerMinute = number;
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
