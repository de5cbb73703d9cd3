using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>A shard's file as the body of a request; it pauses while ranks of this host save.</summary>
internal sealed class ShardFileContent : HttpContent
{
    private const int BlockBytes = 1 << 20;
    private readonly SafeFileHandle _file;
    private readonly OpenSaves _saves;

    /// <exception cref="IOException">The file is not there.</exception>
    public ShardFileContent(string path, OpenSaves saves)
    {
        _saves = saves;
        _file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int read;
            for (long at = 0; (read = RandomAccess.Read(_file, block, at)) > 0; at += read)
            {
                await _saves.QuietAsync(cancellationToken);
                await stream.WriteAsync(block.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = RandomAccess.GetLength(_file);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }
}
