namespace Ppma.Integration.Tests;

/// <summary>Content that compresses to nothing and repeats nowhere, so that any swapped or missing piece shows.</summary>
internal static class RandomBytes
{
    public static byte[] Of(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
