using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace Orchestrator.Cli.Output;

/// <summary>Data for programs on standard output: one JSON value per line, flushed.</summary>
internal sealed class JsonOutput(TextWriter writer)
{
    // Fields at their default are written too, so that a script finds every field it looks for.
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    public void Write(IMessage message) => WriteLine(Formatter.Format(message));

    public void WriteArray(IEnumerable<IMessage> messages) =>
        WriteLine($"[{string.Join(",", messages.Select(message => Formatter.Format(message)))}]");

    public void Write(JsonNode value) => WriteLine(value.ToJsonString(JsonSerializerOptions.Default));

    private void WriteLine(string line)
    {
        writer.WriteLine(line);
        writer.Flush();
    }
}
