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
    internal static byte[] Fit(TerminationMessage message)
    {
        byte[] bytes = Json(message);
        if (bytes.Length > TerminationMessage.MaxBytes && message.Result is { } result)
        {
            bytes = Json(new TerminationMessage
            {
                Result = result with
                {
                    Training = result.Training is { } training ? training with { DamagedSamples = null, Checkpoints = null } : null,
                    Evaluation = result.Evaluation is { } evaluation ? evaluation with { RateTrials = [], DamagedSamples = null } : null,
                },
            });
        }

        for (int characters = TerminationMessage.MaxBytes / 2; bytes.Length > TerminationMessage.MaxBytes && message.Error is { } error; characters /= 2)
        {
            string text = error.Message.Length > characters ? error.Message[..characters] + " …" : error.Message;
            bytes = Json(new TerminationMessage { Error = error with { Message = WithoutHalfPair(text) } });
        }

        return bytes;
    }

    private static byte[] Json(TerminationMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, TaskJson.Options);

    // A cut may have split a surrogate pair; the encoder puts U+FFFD in its place.
    private static string WithoutHalfPair(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
