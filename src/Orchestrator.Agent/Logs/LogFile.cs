using Google.Protobuf;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Logs;

/// <summary>A log that may still grow, read from a position onwards.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private readonly byte[] _buffer = new byte[AgentLimits.LogChunkBytes];
    private SafeFileHandle? _file;
    private long _position;

    /// <summary>Where the next piece begins.</summary>
    public long Position => _position;

    /// <summary>Goes to a byte, or before the last lines or bytes; otherwise to the beginning.</summary>
    public void Seek(ReadLog request)
    {
        if (Open() is not { } file)
            return;
        var length = RandomAccess.GetLength(file);
        _position = request switch
        {
            { StartAt: > 0 and var byteNumber } => (long)Math.Min(byteNumber, (ulong)length),
            { TailLines: > 0 and var lines } => LastLines.Start(file, lines, _buffer),
            { TailBytes: > 0 and var bytes } => length - (long)Math.Min(bytes, (ulong)length),
            _ => 0,
        };
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
