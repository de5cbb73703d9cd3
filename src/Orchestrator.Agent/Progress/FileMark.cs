using Microsoft.Win32.SafeHandles;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Progress;

/// <summary>How far a followed file was read, kept for the next agent.</summary>
/// <param name="Position">Where the first line begins that was not read; -1 for a file that was not there.</param>
/// <param name="Before">
/// The last bytes before the position. Where others stand there later, the file was written anew.
/// </param>
/// <param name="WrittenAt">Ticks of the file's last write, compared for equality only.</param>
internal sealed record FileMark(long Position, byte[] Before, long WrittenAt)
{
    private const int BytesBefore = 64;

    public static FileMark Missing { get; } = new(-1, [], 0);

    /// <summary>The file as it is: what it holds already was not written by the rank that is to start.</summary>
    /// <exception cref="IOException">It is there and cannot be read.</exception>
    public static FileMark AtEndOf(string path)
    {
        using var file = RegularFile.TryOpen(path);
        return file is null ? Missing : At(RandomAccess.GetLength(file), file);
    }

    /// <summary>The mark of a position in an open file.</summary>
    public static FileMark At(long position, SafeFileHandle file)
    {
        var before = new byte[(int)Math.Min(BytesBefore, position)];
        var read = RandomAccess.Read(file, before, position - before.Length);
        return new FileMark(position, before[..read], File.GetLastWriteTimeUtc(file).Ticks);
    }

    /// <summary>What was read is still there, so that what follows is new.</summary>
    public bool IsIn(SafeFileHandle file)
    {
        if (Position < 0 || RandomAccess.GetLength(file) < Position)
            return false;
        Span<byte> now = stackalloc byte[BytesBefore];
        var read = RandomAccess.Read(file, now[..Before.Length], Position - Before.Length);
        return now[..read].SequenceEqual(Before);
    }
}
