namespace Orchestrator.Agent.Progress;

/// <summary>A file whose additions or changes tell that a rank goes on.</summary>
internal interface IFollowed
{
    /// <summary>How far it was read; set once, to what an earlier agent or the launch left.</summary>
    FileMark Mark { get; set; }

    /// <summary>What is new, as lines.</summary>
    /// <param name="isLast">Nobody writes any more.</param>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    IReadOnlyList<string> Read(bool isLast);
}
