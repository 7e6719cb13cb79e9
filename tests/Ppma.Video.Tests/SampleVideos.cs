namespace Ppma.Video.Tests;

/// <summary>Small files of several containers and codecs: those of the golden folder, and one of our own.</summary>
internal static class SampleVideos
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "decode");

    public static TheoryData<string> Names => ["h264-bframes.mp4", "mpeg4.avi", "vp9-vfr.webm", "moving-bars.mp4"];

    public static byte[] Read(string name) => name == "moving-bars.mp4" ? MovingBars.Mp4() : File.ReadAllBytes(Path.Combine(Folder, name));
}
