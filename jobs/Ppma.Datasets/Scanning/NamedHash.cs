using System.IO.Hashing;
using System.Security.Cryptography;

namespace Ppma.Datasets.Scanning;

/// <summary>A hash of a file under the name that Python's hashlib and xxhash give it, as MDS indexes record them.</summary>
internal sealed class NamedHash : IDisposable
{
    private readonly IncrementalHash? _cryptographic;
    private readonly NonCryptographicHashAlgorithm? _fast;

    private NamedHash(string name, IncrementalHash? cryptographic, NonCryptographicHashAlgorithm? fast)
    {
        Name = name;
        _cryptographic = cryptographic;
        _fast = fast;
    }

    public string Name { get; }

    /// <summary>Null where the algorithm is none of those at hand.</summary>
    public static NamedHash? TryCreate(string name) => name switch
    {
        "md5" => Cryptographic(name, HashAlgorithmName.MD5),
        "sha1" => Cryptographic(name, HashAlgorithmName.SHA1),
        "sha256" => Cryptographic(name, HashAlgorithmName.SHA256),
        "sha384" => Cryptographic(name, HashAlgorithmName.SHA384),
        "sha512" => Cryptographic(name, HashAlgorithmName.SHA512),
        "xxh32" => new NamedHash(name, null, new XxHash32()),
        "xxh64" => new NamedHash(name, null, new XxHash64()),
        "xxh3_64" => new NamedHash(name, null, new XxHash3()),
        "xxh128" or "xxh3_128" => new NamedHash(name, null, new XxHash128()),
        _ => null,
    };

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _cryptographic?.AppendData(bytes);
        _fast?.Append(bytes);
    }

    /// <summary>Lower-case hex.</summary>
    public string Finish() => Convert.ToHexStringLower(_cryptographic?.GetHashAndReset() ?? _fast!.GetHashAndReset());

    public void Dispose() => _cryptographic?.Dispose();

    private static NamedHash Cryptographic(string name, HashAlgorithmName algorithm) => new(name, IncrementalHash.CreateHash(algorithm), null);
}
