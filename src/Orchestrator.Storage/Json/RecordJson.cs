using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Serialization;
using Orleans.Storage;

namespace Orchestrator.Storage.Json;

/// <summary>How records are written: one set of JSON options for grain storage, read model and tools.</summary>
public static class RecordJson
{
    private static readonly SystemTextJsonGrainStorageSerializerOptions Settings = Create();

    /// <summary>The options, read-only. They are part of the stored format.</summary>
    public static JsonSerializerOptions Options => Settings.JsonSerializerOptions;

    /// <summary>The serializer that grain storage uses; it writes with <see cref="Options"/>.</summary>
    internal static IGrainStorageSerializer Serializer { get; } =
        new SystemTextJsonGrainStorageSerializer(Microsoft.Extensions.Options.Options.Create(Settings));

    private static SystemTextJsonGrainStorageSerializerOptions Create()
    {
        var settings = new SystemTextJsonGrainStorageSerializerOptions();
        var json = settings.JsonSerializerOptions;
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.IncludeFields = false;

        // A required property that may be null must be there when it is read back, so nulls are written.
        json.DefaultIgnoreCondition = JsonIgnoreCondition.Never;

        // A null where the type says "never null" is a mistake of the writer; it shows before it is stored.
        json.RespectNullableAnnotations = true;

        // Names survive a reordering of the enum's members and can be read in the database.
        json.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));

        // A gauge that is not a number must not keep a node from storing the rest of its record.
        json.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;

        // The database is not a web page: names in any script stay readable in it.
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.MakeReadOnly(populateMissingResolver: true);
        return settings;
    }
}
