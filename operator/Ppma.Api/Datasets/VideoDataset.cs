using k8s.Models;

namespace Ppma.Api.Datasets;

/// <summary>A data set of videos in WebDataset shards, and a statement about who is in the footage.</summary>
[KubernetesEntity(Group = ApiGroup.Group, ApiVersion = ApiGroup.Version, Kind = KindName, PluralName = "videodatasets")]
public sealed class VideoDataset : Resource<VideoDatasetSpec, VideoDatasetStatus>
{
    public const string KindName = "VideoDataset";

    public VideoDataset() => Kind = KindName;
}
