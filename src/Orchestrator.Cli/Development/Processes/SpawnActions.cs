using System.Runtime.InteropServices;

namespace Orchestrator.Cli.Development.Processes;

/// <summary>What a new process does to its files before it runs its program.</summary>
internal sealed unsafe class SpawnActions : IDisposable
{
    public SpawnActions()
    {
        Handle = (nint)NativeMemory.AllocZeroed(SpawnCalls.StructureBytes);
        SpawnCalls.Check(SpawnCalls.InitializeActions(Handle));
    }

    public nint Handle { get; }

    public void OpenAs(int descriptor, string path, int flags, uint mode) =>
        SpawnCalls.Check(SpawnCalls.AddOpen(Handle, descriptor, path, flags, mode));

    public void DuplicateAs(int descriptor, int target) =>
        SpawnCalls.Check(SpawnCalls.AddDuplicate(Handle, descriptor, target));

    public void ChangeFolder(string path) => SpawnCalls.Check(SpawnCalls.AddChangeFolder(Handle, path));

    public void Dispose()
    {
        _ = SpawnCalls.DestroyActions(Handle);
        NativeMemory.Free((void*)Handle);
    }
}
