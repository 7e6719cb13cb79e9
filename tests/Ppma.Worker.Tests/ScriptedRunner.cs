using System.Globalization;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tests;

/// <summary>
/// Counts steps instead of computing. The task's data set URI is its script: <c>script:/steps=50;stepMilliseconds=5</c>,
/// <c>script:/fail=67</c>, and likewise <c>throw</c>, <c>diskFull</c> and <c>hang</c>.
/// </summary>
internal sealed class ScriptedRunner : ITaskRunner
{
    public TaskKind Kind => TaskKind.VerifyDataset;

    public async Task<TaskResult> RunAsync(TaskContext context, CancellationToken stopping)
    {
        Dictionary<string, string> script = context.Task.VerifyDataset!.Uri["script:/".Length..].Split(';')
            .Select(part => part.Split('='))
            .ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "");
        if (script.TryGetValue("fail", out string? code))
        {
            throw new TaskFailedException(int.Parse(code, CultureInfo.InvariantCulture), "Data set 'figures' said no. Ask it again.");
        }

        if (script.ContainsKey("throw"))
        {
            throw new InvalidOperationException("the shelf is empty");
        }

        if (script.ContainsKey("diskFull"))
        {
            await File.WriteAllBytesAsync("/dev/full", new byte[1 << 16], CancellationToken.None);
        }

        if (script.ContainsKey("hang"))
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        return await CountAsync(context, script, stopping);
    }

    private static async Task<TaskResult> CountAsync(TaskContext context, Dictionary<string, string> script, CancellationToken stopping)
    {
        int steps = int.Parse(script.GetValueOrDefault("steps", "3"), CultureInfo.InvariantCulture);
        int stepMilliseconds = int.Parse(script.GetValueOrDefault("stepMilliseconds", "0"), CultureInfo.InvariantCulture);
        string checkpoint = Path.Combine(context.Artifacts.TaskFolder, "step.json");
        int first = File.Exists(checkpoint) ? TaskJson.Deserialize<int>(await File.ReadAllBytesAsync(checkpoint, CancellationToken.None)) : 0;
        for (int step = first + 1; step <= steps; step++)
        {
            await Task.Delay(stepMilliseconds, CancellationToken.None);
            context.Progress.Report("counting", step, steps, clips: 4, loss: 1.0 / step);
            if (stopping.IsCancellationRequested)
            {
                context.Artifacts.PublishJson(checkpoint, step);
                throw new TaskInterruptedException(step);
            }
        }

        // Samples says how many steps this process computed itself.
        return context.Result(dataset: new DatasetOutcome
        {
            Digest = "d", Samples = steps - first, Shards = 1, Bytes = 1, Classes = 1, Humans = Humans.None,
            Splits = new Dictionary<string, long> { ["train"] = steps - first }, ClassesDigest = "c",
        });
    }
}
