using System.Text.RegularExpressions;

namespace Ppma.EndToEnd.Lab;

/// <summary>
/// examples/quickstart for a cluster: where the data lies and the Secret that opens it, the digests that are attested, where artifacts go.
/// Nothing else is changed.
/// </summary>
public static partial class QuickstartManifests
{
    /// <summary>A file as it is.</summary>
    public static string Read(string file) => File.ReadAllText(Repository.PathOf("examples", "quickstart", file));

    /// <summary>The same for the lab's cluster.</summary>
    public static string ForCluster(string manifests)
    {
        string credentials = $"credentials: {{secret: {{name: {Space.Secret}, key: {Space.SecretKey}}}}}";
        string set = "";
        var lines = new List<string>();
        foreach (string line in manifests.Split('\n'))
        {
            if (FileUri().Match(line) is { Success: true } uri)
            {
                set = uri.Groups["set"].Value;
                lines.Add($"  uri: {Data.UriOf(set)}");
                lines.Add($"  {credentials}");
            }
            else if (line.Contains("indexDigest: TrustOnFirstUse", StringComparison.Ordinal))
            {
                lines.Add(line.Replace("TrustOnFirstUse", Data.DigestOf(set), StringComparison.Ordinal));
            }
            else
            {
                lines.Add(line);
                if (RunKind().IsMatch(line))
                {
                    set = "";
                }
                else if (line == "spec:" && lines.FindLast(RunKind().IsMatch) is { } kind && lines.LastIndexOf(kind) > lines.LastIndexOf("kind: VideoDataset"))
                {
                    lines.Add($"  artifacts: {{uri: \"{BlobStore.InCluster(BlobStore.Artifacts)}\", {credentials}}}");
                }
            }
        }

        return string.Join('\n', lines);
    }

    [GeneratedRegex(@"^  uri: file:(?<set>\S+)$")]
    private static partial Regex FileUri();

    [GeneratedRegex("^kind: (PretrainRun|EvalRun)$")]
    private static partial Regex RunKind();
}
