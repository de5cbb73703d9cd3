using Orchestrator.Hosting;
using Orchestrator.Silo;
using Orchestrator.Storage.Schema;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(SiloCommandLine.Usage);
    return 0;
}

var isStorage = args is ["storage", "init" or "check", ..];
var options = SiloCommandLine.Parse(isStorage ? args[2..] : args, out var problems);
if (problems.Count > 0)
{
    Console.Error.WriteLine(string.Join('\n', problems));
    Console.Error.WriteLine(SiloCommandLine.Usage);
    return 2;
}

if (isStorage)
{
    return await StorageCommand.RunAsync(options, isInit: args[1] == "init");
}

// The arguments are ours alone: the host would read them as its configuration.
var builder = WebApplication.CreateBuilder();
builder.Logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    console.UseUtcTimestamp = true;
});
builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Orleans", LogLevel.Warning)
    .AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning)
    .AddFilter("Polly", LogLevel.Warning);
// Streams and watches end by themselves. Only a host that is frozen would be waited for, and nothing is lost with it.
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
builder.AddOrchestrator(options);
var app = builder.Build();
app.MapOrchestrator();
try
{
    await app.RunAsync();
    return 0;
}
catch (StorageRefusedException refused)
{
    Console.Error.WriteLine(refused.Message);
    return 3;
}
