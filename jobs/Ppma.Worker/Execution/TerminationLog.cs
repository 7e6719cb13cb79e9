using System.Text;
using System.Text.Json;
using Ppma.Api.Tasks;

namespace Ppma.Worker.Execution;

/// <summary>Writes the termination message, cut to what Kubernetes keeps.</summary>
internal static class TerminationLog
{
    /// <param name="path">Null for nowhere.</param>
    /// <param name="message">What to say.</param>
    public static void Write(string? path, TerminationMessage message)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            // Not by rename: in a pod the file is a mount.
            File.WriteAllBytes(path, Fit(message));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"ppma-worker: the termination message '{path}' cannot be written: {e.Message}");
        }
    }

    /// <summary>At most <see cref="TerminationMessage.MaxBytes"/> of JSON that still parses.</summary>
    internal static byte[] Fit(TerminationMessage message) =>
        EverShorter(message).Select(Json).First(bytes => bytes.Length <= TerminationMessage.MaxBytes);

    private static IEnumerable<TerminationMessage> EverShorter(TerminationMessage message)
    {
        yield return message;
        if (message.Result is { } result)
        {
            var shorter = result with
            {
                Training = result.Training is { } training ? training with { DamagedSamples = null } : null,
                Evaluation = result.Evaluation is { } evaluation ? evaluation with { RateTrials = [], DamagedSamples = null } : null,
            };
            yield return new() { Result = shorter };
            for (int others = 32; shorter.Training is { Checkpoints: { Count: > 0 } kept } trained && others > 0; others /= 2)
            {
                yield return new() { Result = shorter with { Training = trained with { Checkpoints = Newest(kept, others) } } };
            }

            yield return new() { Result = shorter with { Training = shorter.Training is { } bare ? bare with { Checkpoints = null } : null } };
        }

        for (int characters = TerminationMessage.MaxBytes / 2; message.Error is { } error && characters > 0; characters /= 2)
        {
            string text = error.Message.Length > characters ? error.Message[..characters] + " …" : error.Message;
            yield return new() { Error = error with { Message = WithoutHalfPair(text) } };
        }
    }

    // The best and the last are what others ask for first.
    private static List<KeptCheckpoint> Newest(IReadOnlyList<KeptCheckpoint> kept, int others)
    {
        long last = kept.Max(checkpoint => checkpoint.Step);
        var choice = kept.Where(checkpoint => !checkpoint.Best && checkpoint.Step != last).OrderByDescending(checkpoint => checkpoint.Step).Take(others).ToHashSet();
        return [.. kept.Where(checkpoint => checkpoint.Best || checkpoint.Step == last || choice.Contains(checkpoint))];
    }

    private static byte[] Json(TerminationMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, TaskJson.Options);

    // A cut may have split a surrogate pair; the encoder puts U+FFFD in its place.
    private static string WithoutHalfPair(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
