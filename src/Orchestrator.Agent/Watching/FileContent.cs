using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Watching;

/// <summary>Compares files by their bytes, up to the first difference.</summary>
internal static class FileContent
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Both are there and the same.</summary>
    /// <exception cref="IOException">One of them is there and cannot be read.</exception>
    public static bool AreSame(string path, string other)
    {
        using var first = RegularFile.TryOpen(path);
        using var second = RegularFile.TryOpen(other);
        if (first is null || second is null)
            return false;
        var size = RandomAccess.GetLength(first);
        if (size != RandomAccess.GetLength(second))
            return false;
        byte[] block = new byte[BlockBytes], otherBlock = new byte[BlockBytes];
        for (long position = 0; position < size;)
        {
            var read = RandomAccess.Read(first, block, position);
            var otherRead = RandomAccess.Read(second, otherBlock, position);
            if (read == 0 || read != otherRead || !block.AsSpan(0, read).SequenceEqual(otherBlock.AsSpan(0, read)))
                return false;
            position += read;
        }

        return true;
    }
}
