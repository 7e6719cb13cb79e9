using System.Runtime.InteropServices;

namespace Ppma.Video.Encoding;

/// <summary>A file that the C library made and gave away.</summary>
internal static class EncodedFile
{
    /// <summary>Copies the bytes and frees the library's.</summary>
    public static byte[] Take(nint data, long size)
    {
        try
        {
            byte[] file = new byte[size];
            Marshal.Copy(data, file, 0, file.Length);
            return file;
        }
        finally
        {
            VideoLibrary.Free(data);
        }
    }
}
