using Ppma.Video.Encoding;

namespace Ppma.Video.Tests;

/// <summary>A small moving picture whose frames are all different, and its encoding.</summary>
internal static class MovingBars
{
    public static byte[] Frames(int count, int height, int width)
    {
        byte[] rgb = new byte[count * height * width * 3];
        for (int i = 0; i < rgb.Length; i++)
        {
            int channel = i % 3, x = i / 3 % width, y = i / 3 / width % height, frame = i / 3 / width / height;
            rgb[i] = (byte)((channel == 0 ? 6 * (x + (3 * frame)) : channel == 1 ? 5 * (y + (2 * frame)) : 12 * frame) % 200);
        }

        return rgb;
    }

    public static byte[] Mp4(int count = 30, int height = 48, int width = 64, int framesASecond = 10, int keyFrameInterval = 10) =>
        VideoEncoder.Encode(
            Frames(count, height, width),
            new EncoderSettings { Height = height, Width = width, FrameRate = framesASecond, KeyFrameInterval = keyFrameInterval, Quality = 4 });
}
