using System.Globalization;
using System.Text;

namespace Ppma.Datasets.Tar;

/// <summary>The fields of a pax extended header: records of the form <c>length keyword=value\n</c>, where length counts the whole record.</summary>
internal static class PaxRecords
{
    public static bool TryRead(ReadOnlySpan<byte> text, Dictionary<string, string> fields)
    {
        while (text.Length > 0)
        {
            int space = text.IndexOf((byte)' ');
            if (space < 1
                || !int.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int recordBytes)
                || recordBytes <= space + 1 || recordBytes > text.Length || text[recordBytes - 1] != '\n')
            {
                return false;
            }

            ReadOnlySpan<byte> record = text[(space + 1)..(recordBytes - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 1)
            {
                return false;
            }

            fields[Encoding.UTF8.GetString(record[..equals])] = Encoding.UTF8.GetString(record[(equals + 1)..]);
            text = text[recordBytes..];
        }

        return true;
    }
}
