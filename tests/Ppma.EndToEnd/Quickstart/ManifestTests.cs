using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Quickstart;

/// <summary>What is applied to the cluster is what people find in examples/quickstart.</summary>
public sealed class ManifestTests(Laboratory lab)
{
    [Theory]
    [InlineData("datasets.yaml")]
    [InlineData("pretraining.yaml")]
    [InlineData("evaluation.yaml")]
    public void Example_ForTheCluster_DiffersInUrisTheirSecretAndDigestsOnly(string file)
    {
        string[] example = QuickstartManifests.Read(file).Split('\n');
        string[] applied = QuickstartManifests.ForCluster(QuickstartManifests.Read(file)).Split('\n');

        var queue = new Queue<string>(example);
        var added = new List<string>();
        foreach (string line in applied)
        {
            if (queue.TryPeek(out string? next) && next == line)
            {
                queue.Dequeue();
            }
            else
            {
                added.Add(line);
                if (next!.StartsWith("  uri: file:", StringComparison.Ordinal) || next.Contains("TrustOnFirstUse", StringComparison.Ordinal))
                {
                    queue.Dequeue();
                }
            }
        }

        Assert.Empty(queue);
        Assert.NotEmpty(added);
        Assert.All(added, line => Assert.Matches(@"^  (uri: http|credentials: \{secret: |artifacts: \{uri: |  indexDigest: [0-9a-f]{64}$)", line));
        lab.Results.Note($"{file} for the cluster: {string.Join("; ", added.CountBy(line => line.Trim().Split(':')[0]).Select(field => $"{field.Value} x {field.Key}"))}; e.g. {added[0].Trim()}");
    }
}
