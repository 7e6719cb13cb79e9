using Ppma.Api.Tasks;
using Ppma.Video.Decoding;

namespace Ppma.Worker.Records;

/// <summary>The decoder.</summary>
internal sealed class VideoVersions : IVersionSource
{
    public IEnumerable<(string Name, string Version)> Versions(TaskSpec task) =>
        task.Kind == TaskKind.VerifyDataset ? [] : [("ffmpeg", Ffmpeg.Version)];
}
