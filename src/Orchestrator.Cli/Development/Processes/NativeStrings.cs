using System.Runtime.InteropServices;

namespace Orchestrator.Cli.Development.Processes;

/// <summary>A list of texts as C wants it: pointers to UTF-8, the last one null.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly nint[] _texts;

    public NativeStrings(string[] texts)
    {
        _texts = texts.Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        Handle = (nint)NativeMemory.AllocZeroed((nuint)texts.Length + 1, (nuint)sizeof(nint));
        _texts.CopyTo(new Span<nint>((void*)Handle, texts.Length));
    }

    public nint Handle { get; }

    public void Dispose()
    {
        foreach (var text in _texts)
            Marshal.FreeCoTaskMem(text);
        NativeMemory.Free((void*)Handle);
    }
}
