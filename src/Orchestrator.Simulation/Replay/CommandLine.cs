using System.Globalization;
using Orchestrator.Simulation.Grains;

namespace Orchestrator.Simulation.Replay;

/// <summary>What the simulator was asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        orchestrator-sim [--seed N] [--seeds COUNT] [--events N] [--bug NAME] [--trace] [--json]

          --seed N        the first seed (default: 1)
          --seeds COUNT   seeds to run, one after the other in number (default: 1)
          --events N      events of each seed before everything heals (default: 3000)
          --bug NAME      plant a mistake into the shells around the rules; 'all' tries each in turn
          --trace         print every event and every change; for one seed
          --json          print one JSON object instead of lines

        Exit codes: 0 nothing was found, or the planted mistakes were; 1 something was found, or one was not; 2 usage.
        """;

    public ulong Seed { get; private init; } = 1;

    public int Seeds { get; private init; } = 1;

    public int Events { get; private init; } = 3000;

    public IReadOnlyList<PlantedBug> Bugs { get; private init; } = [];

    public bool IsTraced { get; private init; }

    public bool IsJson { get; private init; }

    /// <summary>Reads the arguments; a problem is a sentence that says what to do.</summary>
    public static (CommandLine Options, string? Problem) Parse(IReadOnlyList<string> arguments)
    {
        var options = new CommandLine();
        for (var index = 0; index < arguments.Count; index++)
        {
            var name = arguments[index];
            if (name is "--trace" or "--json")
            {
                options = name == "--trace" ? options with { IsTraced = true } : options with { IsJson = true };
                continue;
            }

            if (index + 1 == arguments.Count)
            {
                return (options, $"{name} is not an option, or its value is missing.");
            }

            if (options.With(name, arguments[++index]) is not { } next)
            {
                return (options, $"{name} {arguments[index]} is not understood.");
            }

            options = next;
        }

        return options is { IsTraced: true, Seeds: > 1 }
            ? (options, "--trace shows one seed; leave out --seeds.")
            : (options, null);
    }

    private CommandLine? With(string name, string value)
    {
        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0;
        return name switch
        {
            "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) =>
                this with { Seed = seed },
            "--seeds" when isNumber => this with { Seeds = number },
            "--events" when isNumber => this with { Events = number },
            "--bug" when value == "all" => this with { Bugs = [.. Enum.GetValues<PlantedBug>().Skip(1)] },
            "--bug" when Enum.TryParse<PlantedBug>(value, ignoreCase: true, out var bug) => this with { Bugs = [bug] },
            _ => null,
        };
    }
}
