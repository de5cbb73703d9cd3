using System.Runtime.InteropServices;

namespace Orchestrator.Cli.Development.Processes;

/// <summary>Session and signals of a new process.</summary>
internal sealed unsafe class SpawnAttributes : IDisposable
{
    private const short DefaultSignals = 0x04;
    private const short SignalMask = 0x08;
    private const short OwnSession = 0x80;

    private readonly nint _signals;

    public SpawnAttributes()
    {
        Handle = (nint)NativeMemory.AllocZeroed(SpawnCalls.StructureBytes);
        _signals = (nint)NativeMemory.AllocZeroed(SpawnCalls.StructureBytes);
        SpawnCalls.Check(SpawnCalls.InitializeAttributes(Handle));
    }

    public nint Handle { get; }

    /// <summary>
    /// A session without this terminal, so that neither Ctrl-C nor a closed window reaches it, and no signal ignored or
    /// blocked: the runtime of this process ignores some, and children inherit that.
    /// </summary>
    public void OwnSessionWithDefaultSignals()
    {
        SpawnCalls.Check(SpawnCalls.FillSignals(_signals));
        SpawnCalls.Check(SpawnCalls.SetDefaultSignals(Handle, _signals));
        SpawnCalls.Check(SpawnCalls.EmptySignals(_signals));
        SpawnCalls.Check(SpawnCalls.SetSignalMask(Handle, _signals));
        SpawnCalls.Check(SpawnCalls.SetFlags(Handle, DefaultSignals | SignalMask | OwnSession));
    }

    public void Dispose()
    {
        _ = SpawnCalls.DestroyAttributes(Handle);
        NativeMemory.Free((void*)Handle);
        NativeMemory.Free((void*)_signals);
    }
}
