namespace Orchestrator.Cli.Development.Processes;

/// <summary>One process and no other: a pid alone comes back with another program behind it.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="StartTicks">When it started, in the kernel's clock ticks since boot (/proc/PID/stat, field 22).</param>
internal sealed record ProcessIdentity(int Pid, ulong StartTicks);
