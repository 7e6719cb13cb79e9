using Ppma.Datasets.Randomness;

namespace Ppma.Video.Synthesis;

/// <summary>
/// Frames of synthesised clips: a pure function of (seed, set, split, index), bit-identical on every machine.
/// </summary>
public static class ClipRenderer
{
    /// <summary>Raised when any frame changes; part of the data sets' provenance.</summary>
    public const int Version = 1;

    /// <summary>Frames in a clip.</summary>
    public const int Frames = 12;

    public const int FramesPerSecond = 10;

    /// <summary>Width and height, pixels.</summary>
    public const int Size = 32;

    /// <summary>Bytes of a clip: <see cref="Frames"/> × <see cref="Size"/> × <see cref="Size"/> × 3.</summary>
    public const int ClipBytes = Frames * Size * Size * 3;

    /// <summary>Classes of every set.</summary>
    public const int ClassCount = 8;

    /// <summary>Class names of a set, by class index.</summary>
    public static IReadOnlyList<string> Classes(SyntheticSet set) => set switch
    {
        SyntheticSet.Context => [.. ContextClass.All.Select(c => c.Name)],
        SyntheticSet.Synthetic => [.. MotionClass.Synthetic.Select(c => c.Name)],
        SyntheticSet.Actions => [.. MotionClass.Actions.Select(c => c.Name)],
        _ => throw new ArgumentOutOfRangeException(nameof(set), set, "Not a synthesised data set."),
    };

    /// <summary>Class index of a clip: classes take turns, so every split is balanced to one clip.</summary>
    public static int ClassOf(long index) => (int)(index % ClassCount);

    /// <summary>
    /// Renders one clip into <paramref name="rgb"/>: RGB24, frame by frame, row by row, <see cref="ClipBytes"/> bytes.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="rgb"/> has another length.</exception>
    public static void Render(long seed, SyntheticSet set, SyntheticSplit split, long index, Span<byte> rgb)
    {
        if (rgb.Length != ClipBytes)
        {
            throw new ArgumentException($"A clip has {ClipBytes} bytes, the buffer {rgb.Length}.", nameof(rgb));
        }

        PhiloxStream content = Stream(seed, set, split, index, view: 0);
        PhiloxStream grain = Stream(seed, set, split, index, view: 1);
        int classIndex = ClassOf(index);
        Action<Canvas, int> paint = set switch
        {
            SyntheticSet.Context => ContextClip(ContextClass.All[classIndex], content),
            SyntheticSet.Synthetic => SyntheticClip(MotionClass.Synthetic[classIndex], content),
            _ => ActionClip(MotionClass.Actions[classIndex], content, grain),
        };
        Canvas canvas = new(Size);
        for (int frame = 0; frame < Frames; frame++)
        {
            paint(canvas, frame);
            canvas.CopyTo(rgb.Slice(frame * (ClipBytes / Frames), ClipBytes / Frames));
        }
    }

    private static Action<Canvas, int> ContextClip(ContextClass contextClass, PhiloxStream content)
    {
        Scene scene = contextClass.DrawScene(content);
        ContextObject[] objects = new ContextObject[1 + content.NextInt32(2)];
        for (int i = 0; i < objects.Length; i++)
        {
            objects[i] = ContextObject.Draw(content);
        }

        return (canvas, frame) =>
        {
            scene.Paint(canvas, frame);
            foreach (ContextObject item in objects)
            {
                item.Paint(canvas, frame);
            }
        };
    }

    private static Action<Canvas, int> SyntheticClip(MotionClass motionClass, PhiloxStream content)
    {
        Pose start = Pose.Draw(content);
        Motion motion = Motion.Draw(motionClass, content);
        FigureStyle style = FigureStyle.Stick(content);
        Scene scene = FigureScenes.Plain(content);
        return (canvas, frame) =>
        {
            scene.Paint(canvas, frame);
            Figure.Draw(canvas, style, start.After(frame, motion));
        };
    }

    private static Action<Canvas, int> ActionClip(MotionClass motionClass, PhiloxStream content, PhiloxStream grain)
    {
        const double GrainAmplitude = 0.12;
        Pose start = Pose.Draw(content);
        Motion motion = Motion.Draw(motionClass, content);
        FigureStyle style = FigureStyle.Puppet(content);
        Scene scene = FigureScenes.Textured(content);
        return (canvas, frame) =>
        {
            scene.Paint(canvas, frame);
            Figure.Draw(canvas, style, start.After(frame, motion));
            canvas.AddGrain(() => GrainAmplitude * ((2 * grain.NextDouble()) - 1));
        };
    }

    private static PhiloxStream Stream(long seed, SyntheticSet set, SyntheticSplit split, long index, int view) =>
        new(seed, RandomPurpose.Synthesis, epoch: ((long)set << 8) | (long)split, sample: index, view: view);
}
