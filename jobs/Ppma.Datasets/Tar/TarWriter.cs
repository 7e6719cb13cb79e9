using System.Security.Cryptography;
using System.Text;

namespace Ppma.Datasets.Tar;

/// <summary>Writes a ustar whose bytes depend on the members alone (fixed owner, mode and time), and hashes it meanwhile.</summary>
internal sealed class TarWriter(Stream output) : IDisposable
{
    private static readonly byte[] Zeros = new byte[2 * TarHeader.BlockBytes];

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _block = new byte[TarHeader.BlockBytes];

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes that a member of this length takes, header and padding included.</summary>
    public static long BytesOf(long length) => TarHeader.BlockBytes + TarHeader.Padded(length);

    /// <summary>Appends a regular file and tells where its bytes begin.</summary>
    /// <exception cref="ArgumentException">The name has more than 100 bytes.</exception>
    public long Add(string name, ReadOnlySpan<byte> data)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(name);
        if (encoded.Length is 0 or > TarHeader.LongestName)
        {
            throw new ArgumentException($"The tar member '{name}' needs a name of 1 to {TarHeader.LongestName} bytes.", nameof(name));
        }

        TarHeader.Write(_block, encoded, data.Length);
        Write(_block);
        long offset = Length;
        Write(data);
        Write(Zeros.AsSpan(0, (int)(TarHeader.Padded(data.Length) - data.Length)));
        return offset;
    }

    /// <summary>Writes the two zero blocks that end a tar.</summary>
    public void Finish() => Write(Zeros);

    /// <summary>SHA-256 of all bytes so far, lower-case hex.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }
}
