using Amazon.S3;

namespace Orchestrator.Checkpoints.S3;

internal static class Encryption
{
    /// <summary>The SDK's word for it.</summary>
    public static ServerSideEncryptionMethod? ToMethod(this S3StoreOptions options) => options.Encryption switch
    {
        S3Encryption.Aes256 => ServerSideEncryptionMethod.AES256,
        S3Encryption.Kms => ServerSideEncryptionMethod.AWSKMS,
        _ => null,
    };
}
