using System.Buffers.Binary;
using System.Globalization;

namespace Ppma.Worker.Tracking;

/// <summary>
/// One attempt's TensorBoard event file. It begins by saying which step it goes on after: TensorBoard then drops later steps of earlier
/// files, which never happened.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private readonly RecordStream _records;

    /// <param name="folder">Made where it is missing.</param>
    /// <param name="attempt">TensorBoard reads the files of a folder in the order of their names.</param>
    /// <param name="stepsDone">The step that the run goes on after; 0 at the start.</param>
    /// <param name="now">When.</param>
    public EventFile(string folder, int attempt, long stepsDone, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder);
        string name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{attempt:d5}.{now.ToUnixTimeMilliseconds()}");
        _records = new RecordStream(new FileStream(Path.Combine(folder, name), FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        Write(Event.At(now, 0).Text(Event.FileVersion, "brain.Event:2"));
        Write(Event.At(now, stepsDone + 1).Message(Event.SessionLog, new ProtobufWriter().Varint(1, 1))); // status: START
    }

    public void Scalars(long step, DateTimeOffset time, IEnumerable<(string Tag, double? Value)> values)
    {
        var summary = new ProtobufWriter();
        foreach ((string tag, double? value) in values)
        {
            if (value is { } number)
            {
                summary.Message(1, new ProtobufWriter().Text(1, tag).Float(2, (float)number));
            }
        }

        Write(Event.At(time, step).Message(Event.Summary, summary));
    }

    /// <param name="step">Steps done when it was drawn.</param>
    /// <param name="time">When.</param>
    /// <param name="tag">What it shows.</param>
    /// <param name="png">A PNG of 8-bit RGB.</param>
    public void Image(long step, DateTimeOffset time, string tag, ReadOnlySpan<byte> png)
    {
        ProtobufWriter image = new ProtobufWriter()
            .Varint(1, BinaryPrimitives.ReadInt32BigEndian(png[20..])) // height, from the PNG's header
            .Varint(2, BinaryPrimitives.ReadInt32BigEndian(png[16..])) // width
            .Varint(3, 3) // RGB
            .Bytes(4, png);
        var value = new ProtobufWriter().Text(1, tag).Message(4, image);
        Write(Event.At(time, step).Message(Event.Summary, new ProtobufWriter().Message(1, value)));
    }

    public void Dispose() => _records.Dispose();

    private void Write(ProtobufWriter message) => _records.Write(message.Written);

    /// <summary>Fields of the message <c>tensorflow.Event</c>.</summary>
    private static class Event
    {
        public const int FileVersion = 3;
        public const int Summary = 5;
        public const int SessionLog = 7;

        public static ProtobufWriter At(DateTimeOffset time, long step) =>
            new ProtobufWriter().Double(1, time.ToUnixTimeMilliseconds() / 1000.0).Varint(2, step);
    }
}
