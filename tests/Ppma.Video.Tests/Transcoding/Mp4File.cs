using System.Buffers.Binary;

namespace Ppma.Video.Tests.Transcoding;

/// <summary>What the boxes of an MP4 file with one track say (ISO/IEC 14496-12).</summary>
internal sealed class Mp4File
{
    private static readonly string[] Containers = ["moov", "trak", "mdia", "minf", "stbl"];

    private readonly byte[] _file;
    private readonly List<(string Name, int Start, int End)> _boxes = [];

    public Mp4File(byte[] file)
    {
        _file = file;
        Walk(0, file.Length);
    }

    /// <summary>Names of all boxes in the order of the file, each container before what is in it.</summary>
    public IEnumerable<string> Boxes => _boxes.Select(box => box.Name);

    /// <summary>Ticks a second.</summary>
    public int TimeScale => Int(Find("mdhd"), 12);

    /// <summary>Handler of each track, for example "vide".</summary>
    public IEnumerable<string> Tracks => _boxes.Where(box => box.Name == "hdlr").Select(box => System.Text.Encoding.ASCII.GetString(_file, box.Start + 8, 4));

    /// <summary>Decoding time of each frame in ticks, then the end of the last.</summary>
    public long[] Ticks
    {
        get
        {
            int stts = Find("stts");
            List<long> ticks = [0];
            for (int run = 0; run < Int(stts, 4); run++)
            {
                int count = Int(stts, 8 + (8 * run)), delta = Int(stts, 12 + (8 * run));
                for (int i = 0; i < count; i++)
                {
                    ticks.Add(ticks[^1] + delta);
                }
            }

            return [.. ticks];
        }
    }

    /// <summary>Positions of the key frames; all frames where the file lists none.</summary>
    public int[] KeyFrames
    {
        get
        {
            if (!Boxes.Contains("stss"))
            {
                return [.. Enumerable.Range(0, Ticks.Length - 1)];
            }

            int stss = Find("stss");
            return [.. Enumerable.Range(0, Int(stss, 4)).Select(i => Int(stss, 8 + (4 * i)) - 1)];
        }
    }

    private int Find(string name) => _boxes.Single(box => box.Name == name).Start;

    private int Int(int start, int offset) => BinaryPrimitives.ReadInt32BigEndian(_file.AsSpan(start + offset));

    private void Walk(int start, int end)
    {
        while (start < end)
        {
            int size = Int(start, 0);
            string name = System.Text.Encoding.ASCII.GetString(_file, start + 4, 4);
            Assert.InRange(size, 8, end - start);
            _boxes.Add((name, start + 8, start + size));
            if (Containers.Contains(name))
            {
                Walk(start + 8, start + size);
            }

            start += size;
        }
    }
}
