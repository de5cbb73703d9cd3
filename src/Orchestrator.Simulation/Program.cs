using Orchestrator.Simulation.Replay;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

var (options, problem) = CommandLine.Parse(args);
if (problem is not null)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

using var output = new StreamWriter(Console.OpenStandardOutput());
return Simulator.Run(options, output);
