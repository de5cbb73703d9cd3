using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>
/// Passes a document on without keys that stand there twice, and reports these: the loader would give up at the first.
/// </summary>
internal sealed class UniqueKeys(IParser source, List<JobFileProblem> problems) : IParser
{
    private readonly Stack<Level> _levels = new();

    public ParsingEvent? Current => source.Current;

    public bool MoveNext()
    {
        if (!source.MoveNext())
            return false;
        while (source.Current is Scalar key && IsRepeated(key))
        {
            // The key, then its value with all that is in it.
            source.MoveNext();
            source.SkipThisAndNestedEvents();
        }

        Enter(source.Current!);
        return true;
    }

    private bool IsRepeated(Scalar key)
    {
        if (!_levels.TryPeek(out var level) || !level.IsAtKey || level.Keys.Add(key.Value))
            return false;
        problems.Add(new JobFileProblem(key.Start.Line, level.Path + key.Value, "stands there twice; keep one"));
        return true;
    }

    /// <summary>Notes where in the document the passed event leads.</summary>
    private void Enter(ParsingEvent passed)
    {
        switch (passed)
        {
            case MappingEnd or SequenceEnd:
                _levels.Pop();
                break;
            case MappingStart or SequenceStart:
                var parent = _levels.TryPeek(out var outer) ? outer.Path + outer.NewestKey : "";
                outer?.Advance("");
                _levels.Push(new Level(passed is MappingStart, parent.Length > 0 ? $"{parent}." : ""));
                break;
            case Scalar or AnchorAlias when _levels.TryPeek(out var level):
                level.Advance((passed as Scalar)?.Value ?? "");
                break;
        }
    }

    /// <summary>One mapping or list on the way down to the current event.</summary>
    private sealed class Level(bool isMapping, string path)
    {
        private bool _isAtValue;

        public string Path => path;

        public HashSet<string> Keys { get; } = [];

        public string NewestKey { get; private set; } = "";

        public bool IsAtKey => isMapping && !_isAtValue;

        public void Advance(string text)
        {
            if (IsAtKey)
                NewestKey = text;
            _isAtValue = !_isAtValue;
        }
    }
}
