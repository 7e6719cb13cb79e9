using System.Text.Json.Nodes;

namespace Ppma.Datasets.Packing;

/// <summary>A source as it is packed.</summary>
/// <param name="Video">The video file.</param>
/// <param name="Extension">Its extension, without the dot.</param>
/// <param name="Facts">What it is and was, for the sample's JSON.</param>
public sealed record EncodedSample(ReadOnlyMemory<byte> Video, string Extension, JsonObject Facts);
