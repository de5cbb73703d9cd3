using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Host;

/// <summary>Puts files that ship inside the agent where other programs read them.</summary>
internal static class EmbeddedFile
{
    private static readonly Lock Gate = new();

    /// <summary>Replaces the file by rename: whoever reads it at the time keeps the old one.</summary>
    /// <exception cref="IOException">The file is not this version's and cannot be replaced.</exception>
    public static void Install(string name, string path)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The file {name} is missing from this build.");
        using var reader = new StreamReader(stream);
        var content = reader.ReadToEnd();
        lock (Gate)
        {
            // A full disk that holds the file already keeps no agent from its work.
            if (!File.Exists(path) || File.ReadAllText(path) != content)
                DurableFile.Write(path, content);
        }
    }
}
