using k8s;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using YamlDotNet.Core;

namespace Ppma.Api.Manifests;

/// <summary>
/// Manifests out of YAML. The objects come from the Kubernetes client's serializer; what it lets pass or stops at is
/// found before, all at once, with the file, the document and the field.
/// </summary>
public static class ManifestReader
{
    private static readonly Dictionary<string, Reading> Kinds = new(StringComparer.Ordinal)
    {
        [VideoDataset.KindName] = Reading.As<VideoDataset>(),
        [PretrainRun.KindName] = Reading.As<PretrainRun>(),
        [EvalRun.KindName] = Reading.As<EvalRun>(),
    };

    /// <summary>Reads the YAML documents of one or more files and validates them together.</summary>
    /// <param name="files">Name (as messages are to show it) and text of each file.</param>
    public static ManifestSet Read(IEnumerable<(string Name, string Text)> files)
    {
        var manifests = new List<Manifest>();
        var problems = new List<ManifestProblem>();
        foreach (var (name, text) in files)
        {
            Read(name, text, manifests, problems);
        }

        return new ManifestSet(manifests, problems);
    }

    private static void Read(string file, string text, List<Manifest> manifests, List<ManifestProblem> problems)
    {
        var (documents, syntax) = ManifestParser.Parse(text);
        for (var i = 0; i < documents.Count; i++)
        {
            if (documents[i] is { } document)
            {
                Read(document, file, i + 1, manifests, problems);
            }
        }

        if (syntax is not null)
        {
            problems.Add(new(file, documents.Count + 1, "", syntax));
        }
        else if (documents.All(document => document is null))
        {
            problems.Add(new(file, 1, "", "the file holds no manifest; write one, or take the file away"));
        }
    }

    private static void Read(ManifestNode document, string file, int number, List<Manifest> manifests, List<ManifestProblem> problems)
    {
        void Report(string path, string message) => problems.Add(new(file, number, path, message));

        if (document is not MappingNode root)
        {
            Report("", "must be a mapping with apiVersion, kind, metadata and spec");
            return;
        }

        var apiVersion = (root["apiVersion"] as ScalarNode)?.Value;
        if (apiVersion != ApiGroup.ApiVersion)
        {
            Report("apiVersion", apiVersion is null ? $"is missing; write {ApiGroup.ApiVersion}" : $"\"{apiVersion}\" is not {ApiGroup.ApiVersion}");
        }

        var kind = (root["kind"] as ScalarNode)?.Value;
        if (kind is null || !Kinds.TryGetValue(kind, out var reading))
        {
            Report("kind", kind is null ? $"is missing; use {string.Join(" | ", Kinds.Keys)}" : $"\"{kind}\" is not known{Spelling.Suggest(kind, Kinds.Keys)}");
            return;
        }

        if (apiVersion != ApiGroup.ApiVersion)
        {
            return;
        }

        var shape = new ManifestShape();
        var clean = shape.Check(root, reading.Type);
        foreach (var (path, message) in shape.Problems)
        {
            Report(path, message);
        }

        try
        {
            manifests.Add(new Manifest(reading.Deserialize(ManifestEmitter.Emit(clean)), file, number) { Spoiled = shape.Spoiled });
        }
        catch (YamlException problem)
        {
            Report("", $"cannot be read: {(problem.InnerException ?? problem).Message}");
        }
    }

    private sealed record Reading(Type Type, Func<string, IResource> Deserialize)
    {
        public static Reading As<T>()
            where T : IResource => new(typeof(T), yaml => KubernetesYaml.Deserialize<T>(yaml, strict: true));
    }
}
