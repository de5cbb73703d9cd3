namespace Orchestrator.Checkpoints.S3;

/// <summary>
/// One connection to a store: what is sent is paid for at the limiter, and a read or write that moves no byte for too
/// long fails. Here, beneath HTTP and TLS, every byte passes exactly once, however often a request reads its content.
/// </summary>
internal sealed class WireStream(Stream wire, BandwidthLimiter limiter, TimeSpan stall, TimeProvider time) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var deadline = new Deadline(stall, time, cancellationToken);
        try
        {
            return await wire.ReadAsync(buffer, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Passed)
        {
            throw Stalled("arrived");
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await limiter.TakeAsync(buffer.Length, cancellationToken);
        using var deadline = new Deadline(stall, time, cancellationToken);
        try
        {
            await wire.WriteAsync(buffer, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Passed)
        {
            throw Stalled("was taken");
        }
    }

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => wire.FlushAsync(cancellationToken);

    public override void Flush() => wire.Flush();

    // The SDK reads XML so; the socket's own timeout bounds it.
    public override int Read(byte[] buffer, int offset, int count) => wire.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => wire.Read(buffer);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            wire.Dispose();
        base.Dispose(disposing);
    }

    private TimeoutException Stalled(string what) => new($"no byte {what} for {stall.TotalSeconds:F0} s");

    private sealed class Deadline : IDisposable
    {
        private readonly CancellationTokenSource _timer;
        private readonly CancellationTokenSource _either;

        public Deadline(TimeSpan stall, TimeProvider time, CancellationToken cancellationToken)
        {
            _timer = new CancellationTokenSource(stall, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
        }

        public CancellationToken Token => _either.Token;

        public bool Passed => _timer.IsCancellationRequested;

        public void Dispose()
        {
            _either.Dispose();
            _timer.Dispose();
        }
    }
}
