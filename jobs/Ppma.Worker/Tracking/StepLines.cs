using System.Text.Json;

namespace Ppma.Worker.Tracking;

/// <summary>
/// A file of JSON lines that each name a <c>step</c>. Lines after the step a run goes on from are cut off, and what a crash tore with
/// them, so that the file of a run that was stopped tells of each step once.
/// </summary>
internal sealed class StepLines : IDisposable
{
    private readonly FileStream _file;

    private StepLines(FileStream file) => _file = file;

    /// <summary>Opens the file for a run that has done <paramref name="stepsDone"/> steps.</summary>
    /// <param name="path">Made with its folder where it is missing.</param>
    /// <param name="stepsDone">The last step that is kept.</param>
    /// <param name="onKept">Called with every line that stays; a line that it cannot read ends the file.</param>
    public static StepLines Open(string path, long stepsDone, Action<JsonElement> onKept)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Cut in place: at no moment is a line missing that a next attempt would keep. Others may read while it grows.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            long kept = Kept(bytes, stepsDone, onKept);
            file.SetLength(kept);
            file.Position = kept;
            return new StepLines(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <param name="lines">Whole lines, their ends included.</param>
    public void Append(ReadOnlySpan<byte> lines) => _file.Write(lines);

    /// <summary>Forces what was appended to disk; comes before the checkpoint that follows it. Any thread may call it.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    public void Dispose() => _file.Dispose();

    private static long Kept(byte[] bytes, long stepsDone, Action<JsonElement> onKept)
    {
        int start = 0;
        for (int end; (end = Array.IndexOf(bytes, (byte)'\n', start)) >= 0; start = end + 1)
        {
            if (!IsKept(bytes.AsMemory(start, end - start), stepsDone, onKept))
            {
                break;
            }
        }

        return start;
    }

    private static bool IsKept(ReadOnlyMemory<byte> line, long stepsDone, Action<JsonElement> onKept)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("step").GetInt64() > stepsDone)
            {
                return false;
            }

            onKept(json.RootElement);
            return true;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
