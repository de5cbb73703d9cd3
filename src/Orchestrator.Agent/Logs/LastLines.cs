using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Agent.Logs;

/// <summary>Finds where the last lines of a file begin, by reading it from its end.</summary>
internal static class LastLines
{
    private const byte NewLine = (byte)'\n';

    /// <summary>Position of the first byte of the last lines; 0 where the file has no more lines than that.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lines">How many, at least 1; an unfinished last line counts.</param>
    /// <param name="buffer">Room to read into.</param>
    public static long Start(SafeFileHandle file, ulong lines, byte[] buffer)
    {
        var end = RandomAccess.GetLength(file);
        // The newline that ends the last line begins no further one.
        var isLastByte = true;
        while (end > 0)
        {
            var start = Math.Max(0, end - buffer.Length);
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)(end - start)), start);
            for (var index = read - 1; index >= 0; index--)
            {
                if (buffer[index] == NewLine && !isLastByte && --lines == 0)
                    return start + index + 1;
                isLastByte = false;
            }

            end = start;
        }

        return 0;
    }
}
