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
    private static readonly TarEntryFormat[] Formats = [TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu];

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
    public Task Read_DamagedTar_AnswersOrRefuses() =>
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

    /// <summary>Random members, so that long names, large jumps and all kinds of extended headers come in any order.</summary>
    [Fact]
    public Task Read_RandomMembersInEveryFormat_AgreesWithTheOracle() =>
        Gen.Select(
            Gen.Int[0, 3].Select(i => Formats[i]),
            Gen.Select(Gen.Int[0, 3], Gen.Int[1, 300], Gen.Int[0, 200_000], Gen.Int[0, 9]).Array[1, 12]).SampleAsync(async (format, members) =>
        {
            var output = new MemoryStream();
            var expected = new List<(string Name, byte[] Data)>();
            using (var writer = new System.Formats.Tar.TarWriter(output, format, leaveOpen: true))
            {
                foreach ((int kind, int nameLength, int length, int unusual) in members)
                {
                    WriteRandom(writer, format, expected, kind, nameLength, length, unusual);
                }
            }

            byte[] tar = output.ToArray();
            var store = new CountingStore { ["x.tar"] = tar };
            var found = new List<(string Name, byte[] Data)>();
            await foreach (TarMember member in OwnReader.ReadAsync(store.Window("x.tar")))
            {
                found.Add((member.Name, tar[(int)member.Offset..(int)(member.Offset + member.Length)]));
            }

            Assert.Equal(expected.Select(member => member.Name), found.Select(member => member.Name));
            Assert.All(expected.Zip(found), pair => Assert.True(pair.First.Data.AsSpan().SequenceEqual(pair.Second.Data), pair.First.Name));
        }, iter: 300);

    /// <summary>Ten thousand small members cost a handful of requests, large ones one small request each.</summary>
    [Theory]
    [InlineData(10_000, 300, 12, 12_000_000)]
    [InlineData(40, 1_000_000, 42, 41 * FileWindow.SmallestBytes)]
    public async Task Read_RemoteTar_TakesFewRequestsAndFewBytes(int members, int bytes, int requests, long largestBytesRead)
    {
        byte[] data = new byte[bytes];
        var store = new CountingStore { ["x.tar"] = WriteOwn([.. Enumerable.Range(0, members).Select(i => ($"{i:D6}.mp4", data))]) };
        FileWindow file = store.Window("x.tar");

        int count = 0;
        await foreach (TarMember member in OwnReader.ReadAsync(file, TestContext.Current.CancellationToken))
        {
            count++;
        }

        Assert.Equal(members, count);
        Assert.InRange(store.Requests, 1, requests);
        Assert.InRange(file.BytesRead, 1, largestBytesRead);
    }

    [Fact]
    public async Task Read_SparseFile_IsRefusedByName()
    {
        using var folder = new TempFolder();
        byte[] tar = WriteOwn([("a.mp4", new byte[600])]);
        tar[156] = (byte)'S';
        FixChecksum(tar.AsSpan(0, 512));
        File.WriteAllBytes(folder["x.tar"], tar);

        var refused = await Assert.ThrowsAsync<DatasetFormatException>(() => ReadAsync(folder, "x.tar"));

        Assert.Contains("'a.mp4' is stored as a sparse file", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Some writers leave the size of the target in a link's header, though no data follows.</summary>
    [Fact]
    public async Task Read_HardLinkWithASize_HasNoData()
    {
        using var folder = new TempFolder();
        byte[] tar = WriteOwn([("a.mp4", []), ("b.mp4", [1])]);
        tar[156] = (byte)'1';
        "00000001130\0"u8.CopyTo(tar.AsSpan(124));
        FixChecksum(tar.AsSpan(0, 512));
        File.WriteAllBytes(folder["x.tar"], tar);

        Assert.Equal([("b.mp4", 1L)], (await ReadAsync(folder, "x.tar")).Select(member => (member.Name, member.Length)));
    }

    private static void WriteRandom(
        System.Formats.Tar.TarWriter writer, TarEntryFormat format, List<(string, byte[])> expected, int kind, int nameLength, int length, int unusual)
    {
        int longest = format is TarEntryFormat.Pax or TarEntryFormat.Gnu ? 300 : 80;
        string name = new string('n', Math.Min(nameLength, longest)) + FormattableString.Invariant($"-{expected.Count}.mp4");
        if (unusual == 0 && format == TarEntryFormat.Pax)
        {
            writer.WriteEntry(new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["comment"] = "ü" }));
        }

        if (kind == 0)
        {
            writer.WriteEntry(Entry(format, TarEntryType.Directory, "folder/"));
            return;
        }

        if (kind == 1 && format != TarEntryFormat.V7)
        {
            TarEntry link = Entry(format, TarEntryType.SymbolicLink, name);
            link.LinkName = new string('l', 90);
            writer.WriteEntry(link);
            return;
        }

        byte[] data = new byte[length];
        data.AsSpan().Fill((byte)(expected.Count + 1));
        TarEntry entry = Entry(format, format is TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, name);
        entry.DataStream = new MemoryStream(data);
        writer.WriteEntry(entry);
        expected.Add((name, data));
    }

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
        var store = new LocalStore(folder.Path);
        var file = new FileWindow(store, await store.GetFactsAsync(name, TestContext.Current.CancellationToken));
        await foreach (TarMember member in OwnReader.ReadAsync(file, TestContext.Current.CancellationToken))
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
