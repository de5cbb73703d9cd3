using System.Globalization;

namespace Orchestrator.Checkpoints.S3;

internal static class S3StoreUri
{
    private const string Example = "s3://checkpoints/team?endpoint=http://ceph:7480";
    private const string Scheme = "s3://";
    private static readonly (string Unit, long Bytes)[] Units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

    private static readonly (string Word, bool Value)[] Booleans = [("true", true), ("false", false)];

    private static readonly (string Word, S3Encryption Value)[] Encryptions =
        [("none", S3Encryption.None), ("AES256", S3Encryption.Aes256), ("aws:kms", S3Encryption.Kms)];

    private static readonly (string Word, S3Checksum Value)[] Checksums =
        [("signature", S3Checksum.Signature), ("md5", S3Checksum.Md5), ("crc32", S3Checksum.Crc32)];

    public static S3StoreOptions Parse(string uri)
    {
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal))
            throw new FormatException($"The store '{uri}' is no S3 store; write it as in {Example}.");
        var query = uri.IndexOf('?', StringComparison.Ordinal);
        var path = (query < 0 ? uri : uri[..query])[Scheme.Length..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var options = new S3StoreOptions
        {
            Bucket = slash < 0 ? path : path[..slash],
            Prefix = slash < 0 ? "" : path[slash..].Trim('/'),
        };
        if (query >= 0)
            options = uri[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Aggregate(options, Apply);
        return options.Problem() is { } problem ? throw new FormatException($"{problem} (in {uri})") : options;
    }

    public static string Format(S3StoreOptions options)
    {
        var plain = new S3StoreOptions { Bucket = options.Bucket };
        (string Name, string? Value)[] pairs =
        [
            ("endpoint", options.Endpoint?.GetLeftPart(UriPartial.Authority)),
            ("region", options.Region),
            ("path_style", options.PathStyle is { } style ? WordOf(style, Booleans) : null),
            ("encryption", options.Encryption == plain.Encryption ? null : WordOf(options.Encryption, Encryptions)),
            ("kms_key", options.KmsKey),
            ("bytes_per_second", NumberOf(options.BytesPerSecond, plain.BytesPerSecond)),
            ("part_bytes", NumberOf(options.PartBytes, plain.PartBytes)),
            ("concurrency", NumberOf(options.Concurrency, plain.Concurrency)),
            ("checksum", options.Checksum == plain.Checksum ? null : WordOf(options.Checksum, Checksums)),
        ];
        var said = pairs.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Escape(pair.Value!)}");
        var path = options.Prefix.Length > 0 ? $"{options.Bucket}/{options.Prefix}" : options.Bucket;
        return string.Join('?', new[] { Scheme + path, string.Join('&', said) }.Where(part => part.Length > 0));
    }

    private static S3StoreOptions Apply(S3StoreOptions options, string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? pair : pair[..equals];
        var value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        return name switch
        {
            "endpoint" => options with { Endpoint = Address(value) },
            "region" => options with { Region = value },
            "path_style" => options with { PathStyle = OneOf(name, value, Booleans) },
            "encryption" => options with { Encryption = OneOf(name, value, Encryptions) },
            "kms_key" => options with { KmsKey = value },
            "bytes_per_second" => options with { BytesPerSecond = Bytes(name, value, long.MaxValue) },
            "part_bytes" => options with { PartBytes = (int)Bytes(name, value, int.MaxValue) },
            "concurrency" => options with { Concurrency = (int)Bytes(name, value, int.MaxValue) },
            "checksum" => options with { Checksum = OneOf(name, value, Checksums) },
            _ => throw new FormatException(
                $"'{name}' is no option of an S3 store; the options are endpoint, region, path_style, encryption, "
                + "kms_key, bytes_per_second, part_bytes, concurrency and checksum."),
        };
    }

    private static Uri Address(string value) => Uri.TryCreate(value, UriKind.Absolute, out var address)
        ? address
        : throw new FormatException($"The endpoint '{value}' is no address; write it as in {Example}.");

    private static string WordOf<T>(T value, (string Word, T Value)[] choices) =>
        choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word;

    private static string? NumberOf(long value, long plain) =>
        value == plain ? null : value.ToString(CultureInfo.InvariantCulture);

    // People read it: what has no meaning in a query stays as it is.
    private static string Escape(string value) => Uri.EscapeDataString(value)
        .Replace("%3A", ":", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal);

    private static T OneOf<T>(string name, string value, (string Word, T Value)[] choices)
    {
        foreach (var choice in choices)
        {
            if (choice.Word == value)
                return choice.Value;
        }

        throw new FormatException(
            $"{name} is '{value}'; use one of {string.Join(", ", choices.Select(choice => choice.Word))}.");
    }

    private static long Bytes(string name, string value, long most)
    {
        var unit = Units.FirstOrDefault(unit => value.EndsWith(unit.Unit, StringComparison.Ordinal), ("", 1));
        var digits = value[..^unit.Unit.Length];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= most / unit.Bytes
            ? number * unit.Bytes
            : throw new FormatException($"{name} is '{value}'; use a whole number, as in 16777216 or 16MiB.");
    }
}
