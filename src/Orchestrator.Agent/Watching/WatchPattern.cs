using System.Globalization;
using System.IO.Enumeration;

namespace Orchestrator.Agent.Watching;

/// <summary>The files that a watched path names: one, or those that match its "*" and "?".</summary>
/// <remarks>
/// A wildcard stands for a part of one name and never for a "/", and as in a shell not for the dot that hides a file:
/// files that are being put back have such names.
/// </remarks>
internal sealed class WatchPattern
{
    private static readonly char[] Wildcards = ['*', '?'];
    private readonly string[] _segments;

    /// <param name="path">Absolute, with the rank's number filled in.</param>
    public WatchPattern(string path)
    {
        var all = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isFixed = all.TakeWhile(segment => !HasWildcard(segment)).Count();
        var folders = Math.Min(isFixed, all.Length - 1);
        Root = "/" + string.Join('/', all[..folders]);
        _segments = all[folders..];
    }

    /// <summary>The folder below which all of its files are.</summary>
    public string Root { get; }

    /// <summary>What a file is called in checkpoints: its path below the root, the same on every host.</summary>
    public string NameOf(string path) => Path.GetRelativePath(Root, path);

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>The name is one that this pattern gives.</summary>
    public bool Takes(string name)
    {
        var parts = name.Split('/');
        return parts.Length == _segments.Length && parts.Zip(_segments).All(pair => Matches(pair.Second, pair.First));
    }

    /// <summary>The number that the only "*" stands for; null where it is none.</summary>
    public ulong? NumberIn(string name)
    {
        if (string.Join('/', _segments).Split('*') is not [var before, var after] || !Takes(name))
            return null;
        return ulong.TryParse(
            name.AsSpan(before.Length, name.Length - before.Length - after.Length), NumberStyles.None,
            CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Its files as they are now.</summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    public IReadOnlyList<FileStamp> Files() =>
        [.. Walk(Root, 0).Take(AgentLimits.WatchedFiles).Select(FileStamp.TryOf).OfType<FileStamp>()];

    private IEnumerable<string> Walk(string folder, int depth)
    {
        var (segment, isLast) = (_segments[depth], depth == _segments.Length - 1);
        if (!HasWildcard(segment))
        {
            var next = Path.Combine(folder, segment);
            return isLast ? [next] : Walk(next, depth + 1);
        }

        if (!Directory.Exists(folder))
            return [];
        var entries = new DirectoryInfo(folder);
        // A link to one of the files would be a second name of it, and it matters which of the two is put back.
        return isLast
            ? entries.EnumerateFiles().Where(file => Matches(segment, file.Name) && file.LinkTarget is null)
                .Select(file => file.FullName)
            : entries.EnumerateDirectories().Where(inner => Matches(segment, inner.Name))
                .SelectMany(inner => Walk(inner.FullName, depth + 1));
    }

    private static bool Matches(string segment, string name) =>
        HasWildcard(segment)
            ? FileSystemName.MatchesSimpleExpression(segment, name, ignoreCase: false)
                && (name[0] != '.' || segment[0] == '.')
                && !name.EndsWith(Superseded.Ending, StringComparison.Ordinal)
            : segment == name;

    private static bool HasWildcard(string segment) => segment.IndexOfAny(Wildcards) >= 0;
}
