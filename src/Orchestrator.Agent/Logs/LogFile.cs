using Google.Protobuf;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Logs;

/// <summary>A log that may still grow, read from a position onwards.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private readonly byte[] _buffer = new byte[AgentLimits.LogChunkBytes];
    private SafeFileHandle? _file;
    private long _position;

    /// <summary>Skips all but the last bytes; 0 skips nothing.</summary>
    public void StartBeforeEnd(ulong bytes)
    {
        if (bytes > 0 && Open() is { } file)
            _position = Math.Max(0, RandomAccess.GetLength(file) - (long)Math.Min(bytes, long.MaxValue));
    }

    /// <summary>What follows, empty at the end of the file.</summary>
    public async Task<ByteString> ReadAsync(CancellationToken cancellationToken)
    {
        if (Open() is not { } file)
            return ByteString.Empty;
        // What was freed meanwhile reads as zeros, which the rank never wrote.
        _position = SparseFile.NextData(file, _position);
        var read = await RandomAccess.ReadAsync(file, _buffer, _position, cancellationToken);
        _position += read;
        return ByteString.CopyFrom(_buffer, 0, read);
    }

    public void Dispose() => _file?.Dispose();

    // The rank's shell makes the file, a moment after its folder exists.
    private SafeFileHandle? Open()
    {
        if (_file is null && File.Exists(path))
            _file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        return _file;
    }
}
