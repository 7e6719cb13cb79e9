using System.Formats.Tar;
using System.Text;

namespace Ppma.Datasets.Tests.Scanning;

/// <summary>Tars as other tools leave them.</summary>
internal static class TarBytes
{
    public static byte[] Of(params (string Name, byte[] Data)[] members) => Of(TarEntryFormat.Ustar, members);

    public static byte[] Of(TarEntryFormat format, params (string Name, byte[] Data)[] members)
    {
        var output = new MemoryStream();
        using (var writer = new TarWriter(output, format, leaveOpen: true))
        {
            foreach ((string name, byte[] data) in members)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    _ => new UstarTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(data);
                writer.WriteEntry(entry);
            }
        }

        return output.ToArray();
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
