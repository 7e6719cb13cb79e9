using System.Formats.Tar;
using System.Text;
using CsCheck;
using Ppma.Datasets.Stores;
using Ppma.Datasets.Tar;
using OwnReader = Ppma.Datasets.Tar.TarReader;

namespace Ppma.Datasets.Tests.Tar;

/// <summary>System.Formats.Tar is the oracle: it writes what is read here, and reads what is written here.</summary>
public class TarReaderTests
{
    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public async Task Read_EveryFormat_FindsNamesAndBytes(TarEntryFormat format)
    {
        using var folder = new TempFolder();
        var files = new Dictionary<string, byte[]> { ["a.mp4"] = Samples.Video(1), ["b/c.json"] = [], ["d e#f.mp4"] = Samples.Video(2) };
        if (format is TarEntryFormat.Pax or TarEntryFormat.Gnu)
        {
            files[new string('n', 180) + "/ümlaut.mp4"] = Samples.Video(3);
        }

        if (format is TarEntryFormat.Ustar)
        {
            files[new string('p', 120) + "/" + new string('n', 80)] = Samples.Video(3);
        }

        using (var writer = new System.Formats.Tar.TarWriter(File.Create(folder["x.tar"]), format))
        {
            writer.WriteEntry(Entry(format, TarEntryType.Directory, "b/"));
            foreach ((string name, byte[] data) in files)
            {
                TarEntry entry = Entry(format, format is TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, name);
                entry.DataStream = new MemoryStream(data);
                writer.WriteEntry(entry);
            }

            if (format is not TarEntryFormat.V7)
            {
                TarEntry link = Entry(format, TarEntryType.SymbolicLink, "link");
                link.LinkName = new string('l', 90);
                writer.WriteEntry(link);
            }
        }

        List<TarMember> members = await ReadAsync(folder, "x.tar");

        Assert.Equal(files.Keys, members.Select(member => member.Name));
        byte[] tar = File.ReadAllBytes(folder["x.tar"]);
        Assert.Equal(files.Values, members.Select(member => tar.AsSpan((int)member.Offset, (int)member.Length).ToArray()));
    }

    [Fact]
    public async Task Read_Base256Size_IsUnderstood()
    {
        using var folder = new TempFolder();
        byte[] tar = WriteOwn([("a.mp4", new byte[700]), ("b.mp4", [1])]);
        Span<byte> size = tar.AsSpan(124, 12);
        size.Clear();
        size[0] = 0x80;
        size[10] = 700 >> 8;
        size[11] = 700 & 255;
        FixChecksum(tar.AsSpan(0, 512));
        File.WriteAllBytes(folder["x.tar"], tar);

        Assert.Equal([("a.mp4", 700L), ("b.mp4", 1L)], (await ReadAsync(folder, "x.tar")).Select(member => (member.Name, member.Length)));
    }

    [Fact]
    public void Write_AnyMembers_AreReadByTheOracle() =>
        Gen.Byte.Array[0, 1500].Array[0, 6].Sample(contents =>
        {
            byte[] tar = WriteOwn([.. contents.Select((data, i) => ($"key-{i}.mp4", data))]);
            using var reader = new System.Formats.Tar.TarReader(new MemoryStream(tar));
            foreach (byte[] data in contents)
            {
                TarEntry entry = reader.GetNextEntry(copyData: true)!;
                var copy = new MemoryStream();
                entry.DataStream?.CopyTo(copy);
                Assert.Equal(data, copy.ToArray());
            }

            Assert.Null(reader.GetNextEntry());
            Assert.Equal(0, tar.Length % 512);
        }, iter: 200);

    [Theory]
    [InlineData(200, "the file ends inside a header")]
    [InlineData(1000, "reaches beyond the end of the file")]
    public async Task Read_TruncatedTar_IsRefused(int length, string problem)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x.tar"], WriteOwn([("a.mp4", new byte[900])])[..length]);

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => ReadAsync(folder, "x.tar"));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder["x.tar"], refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Any damage is an answer or a typed error, never a hang or a crash.</summary>
    [Fact]
    public void Read_DamagedTar_AnswersOrRefuses() =>
        Gen.Select(Gen.Int[0, 2047], Gen.Byte).Array[1, 8].SampleAsync(async damages =>
        {
            using var folder = new TempFolder();
            byte[] tar = WriteOwn([("a.mp4", [1]), ("b.mp4", [2])]);
            foreach ((int position, byte value) in damages)
            {
                tar[position] = value;
            }

            FixChecksum(tar.AsSpan(0, 512));
            File.WriteAllBytes(folder["x.tar"], tar);
            try
            {
                await ReadAsync(folder, "x.tar");
            }
            catch (DatasetFormatException)
            {
            }
        }, iter: 300);

    private static byte[] WriteOwn((string Name, byte[] Data)[] members)
    {
        var output = new MemoryStream();
        using var writer = new Ppma.Datasets.Tar.TarWriter(output);
        foreach ((string name, byte[] data) in members)
        {
            writer.Add(name, data);
        }

        writer.Finish();
        return output.ToArray();
    }

    private static void FixChecksum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte value in header)
        {
            sum += value;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
    }

    private static async Task<List<TarMember>> ReadAsync(TempFolder folder, string name)
    {
        var members = new List<TarMember>();
        await foreach (TarMember member in OwnReader.ReadAsync(new LocalStore(folder.Path), name, TestContext.Current.CancellationToken))
        {
            members.Add(member);
        }

        return members;
    }

    private static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name) => format switch
    {
        TarEntryFormat.V7 => new V7TarEntry(type, name),
        TarEntryFormat.Ustar => new UstarTarEntry(type, name),
        TarEntryFormat.Pax => new PaxTarEntry(type, name),
        _ => new GnuTarEntry(type, name),
    };
}
