using System.Text;
using System.Text.Json;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Tests.Progress;

/// <summary>What workers say in these tests.</summary>
internal static class Answers
{
    public static readonly string Digest = new('a', 64);

    public static TaskProgress At(long step, long total = 1000, string phase = "training") => new()
    {
        Phase = phase,
        Step = step,
        TotalSteps = total,
        ClipsPerSecond = 41.257,
        EtaSeconds = 3600,
        Loss = 0.5,
        LastProgressTime = DateTimeOffset.UnixEpoch,
    };

    public static TaskProgress WithCheckpoint(this TaskProgress progress, long step) =>
        progress with { Checkpoint = new(step, DateTimeOffset.UnixEpoch, $"mae/checkpoints/step-{step}", Digest) };

    public static string Json(TaskProgress progress) => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(progress, TaskJson.Options));
}
