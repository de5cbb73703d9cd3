using CsCheck;
using Orchestrator.Checkpoints.S3;

namespace Orchestrator.Checkpoints.Tests.S3;

public sealed class S3StoreOptionsTests
{
    private static readonly Gen<string> Word = Gen.Char["abz019&=?# %/:+"].Array[1, 12].Select(all => new string(all));

    private static readonly Gen<S3StoreOptions> Any = Gen.Select(
        OneOf("", "team", "team/a b"),
        OneOf(null, "http://ceph:7480", "https://s3.example.com", "http://10.0.0.1"),
        OneOf<bool?>(null, true, false),
        Gen.Enum<S3Encryption>(),
        Gen.Enum<S3Checksum>(),
        Gen.Select(Gen.Bool, Word, (isGiven, word) => isGiven ? word : null),
        Gen.Int[1, S3StoreOptions.MostConcurrency],
        Gen.Long[0, 1L << 40]).Select((prefix, endpoint, style, encryption, checksum, word, count, bytes) =>
            new S3StoreOptions
            {
                Bucket = "checkpoints",
                Prefix = prefix,
                Endpoint = endpoint is null ? null : new Uri(endpoint),
                Region = word,
                PathStyle = style,
                Encryption = encryption,
                KmsKey = encryption == S3Encryption.Kms ? word : null,
                BytesPerSecond = bytes,
                PartBytes = S3StoreOptions.LeastPartBytes + count,
                Concurrency = count,
                Checksum = checksum,
            });

    [Fact]
    public void Parse_BucketAlone_HasTheDefaults() =>
        S3StoreOptions.Parse("s3://checkpoints").ShouldBe(new S3StoreOptions { Bucket = "checkpoints" });

    [Fact]
    public void Parse_Everything_IsTaken() => S3StoreOptions.Parse(
        "s3://checkpoints/team/a/?endpoint=http%3A%2F%2Fceph:7480&region=eu&path_style=false&encryption=aws:kms"
        + "&kms_key=k&bytes_per_second=100MiB&part_bytes=8388608&concurrency=2&checksum=crc32")
        .ShouldBe(new S3StoreOptions
        {
            Bucket = "checkpoints",
            Prefix = "team/a",
            Endpoint = new Uri("http://ceph:7480"),
            Region = "eu",
            PathStyle = false,
            Encryption = S3Encryption.Kms,
            KmsKey = "k",
            BytesPerSecond = 100 << 20,
            PartBytes = 8 << 20,
            Concurrency = 2,
            Checksum = S3Checksum.Crc32,
        });

    [Fact]
    public void ToUri_AnyOptions_AreReadBackAsTheSame() => Any.Sample(
        options => S3StoreOptions.Parse(options.ToUri()).ShouldBe(options));

    [Fact]
    public void ToUri_WhatAPersonWrote_StaysReadable() =>
        S3StoreOptions.Parse("s3://checkpoints/team?endpoint=http://ceph:7480&concurrency=4").ToUri()
            .ShouldBe("s3://checkpoints/team?endpoint=http://ceph:7480");

    [Theory]
    [InlineData("/mnt/checkpoints", "s3://")]
    [InlineData("s3://", "''")]
    [InlineData("s3://Bucket", "'Bucket'")]
    [InlineData("s3://bucket/a//b", "'a//b'")]
    [InlineData("s3://bucket/../b", "'../b'")]
    [InlineData("s3://bucket?endpoint=ceph", "'ceph'")]
    [InlineData("s3://bucket?endpoint=ftp://ceph", "ftp://ceph")]
    [InlineData("s3://bucket?endpoint=http://key:secret@ceph", "environment")]
    [InlineData("s3://bucket?endpoint=http://ceph/path", "port only")]
    [InlineData("s3://bucket?path_style=yes", "true, false")]
    [InlineData("s3://bucket?encryption=rot13", "AES256")]
    [InlineData("s3://bucket?kms_key=k", "aws:kms")]
    [InlineData("s3://bucket?part_bytes=1MiB", "5 MiB")]
    [InlineData("s3://bucket?part_bytes=16MB", "16MiB")]
    [InlineData("s3://bucket?part_bytes=9000000GiB", "9000000GiB")]
    [InlineData("s3://bucket?concurrency=0", "1 to 64")]
    [InlineData("s3://bucket?bytes_per_second=-1", "'-1'")]
    [InlineData("s3://bucket?checksum=sha1", "signature, md5, crc32")]
    [InlineData("s3://bucket?secret_key=x", "secret_key")]
    public void Parse_SomethingWrong_SaysWhat(string uri, string words) =>
        Should.Throw<FormatException>(() => S3StoreOptions.Parse(uri)).Message.ShouldContain(words);

    [Fact]
    public void Store_OptionsWithAProblem_Throws() =>
        Should.Throw<ArgumentException>(() => new S3CheckpointStore(new S3StoreOptions { Bucket = "B" }))
            .Message.ShouldContain("'B'");

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
