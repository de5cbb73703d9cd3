namespace Orchestrator.Checkpoints.S3;

/// <summary>
/// Content that is altered on its way. A signature that covers content is made of a first reading of it, and a second
/// one is sent; so that the alteration comes after the signature, it is in the second only.
/// </summary>
/// <param name="content">The content.</param>
/// <param name="from">The reading, counted from 1, from which on the first bit is flipped.</param>
internal sealed class AlteredStream(byte[] content, int from) : Stream
{
    private int _position;
    private int _readings;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position
    {
        get => _position;
        set => _position = (int)value;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = Math.Min(count, content.Length - _position);
        content.AsSpan(_position, read).CopyTo(buffer.AsSpan(offset));
        if (_position == 0 && read > 0 && ++_readings >= from)
            buffer[offset] ^= 1;
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => content.Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
