using k8s.Models;
using Ppma.Api.Manifests;
using Ppma.Api.Schemas;
using Ppma.Api.Validation;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Schemas;

/// <summary>What <c>ppma validate</c> finds on a laptop, as far as a schema can say it, the API server finds too.</summary>
public sealed class ManifestsAtTheServerTests(KubernetesFixture fixture)
{
    /// <summary>What is wrong in these lies between resources, or in presets, and the operator's admission sees it; or they hold no resource of the group.</summary>
    private static readonly string[] BeyondASchema =
    [
        "accumulation.yaml", "adaptive-average.yaml", "api-version.yaml", "bad-syntax.yaml", "cycle.yaml",
        "dataset-missing.yaml", "duplicate-name.yaml", "empty.yaml", "eval-preset.yaml", "from-run-shape.yaml",
        "from-run-stage.yaml", "kind.yaml", "preset.yaml", "privacy-checkpoint.yaml", "privacy-members.yaml",
        "privacy-real.yaml", "privacy-transitive.yaml", "resume.yaml", "views.yaml",
    ];

    /// <summary>Refused by rules over several fields, or by strict reading: not on a server that has neither.</summary>
    private static readonly string[] ByRules =
    [
        "attestation-missing.yaml", "best.yaml", "dataset-twice.yaml", "duplicate-key.yaml", "ensemble.yaml",
        "eval-model.yaml", "eval-splits.yaml", "from-run-step.yaml", "objective-fields.yaml", "reconstructions.yaml",
        "resume-and-weights.yaml", "steps-and-epochs.yaml", "trunk.yaml", "validation.yaml", "weights-kinds.yaml",
        "workers.yaml",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> InvalidSamples => [.. Files("Invalid").Select(file => Path.GetFileName(file))];

    public static TheoryData<string> Examples => [.. Files("Examples").Select(file => Path.GetRelativePath(Folder("Examples"), file))];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Create_Example_IsTaken(string file)
    {
        var server = await fixture.GetServerAsync();
        var endpoint = new ResourceEndpoint(server, await server.CreateNamespaceAsync("example", Token));

        foreach (var (plural, text) in ResourceEndpoint.Split(await File.ReadAllTextAsync(Path.Combine(Folder("Examples"), file), Token)))
        {
            Assert.Null(await endpoint.CreateAsync(Assert.IsType<string>(plural), text, dryRun: true, Token));
        }
    }

    [Theory]
    [MemberData(nameof(InvalidSamples))]
    public async Task Create_InvalidSample_IsRefusedWithTheFieldsName(string sample)
    {
        var server = await fixture.GetServerAsync();
        if (ByRules.Contains(sample))
        {
            server.Version.Require(1, 25, "CEL in schemas, and strict reading of fields");
        }

        var text = await File.ReadAllTextAsync(Path.Combine(Folder("Invalid"), sample), Token);
        var problems = ManifestValidator.Validate(ManifestReader.Read([(sample, text)])).ToLookup(problem => problem.Document);
        var endpoint = new ResourceEndpoint(server, await server.CreateNamespaceAsync("invalid", Token));
        var refused = 0;
        foreach (var ((plural, document), number) in ResourceEndpoint.Split(text).Select((document, i) => (document, i + 1)).Where(entry => entry.document.Plural is not null))
        {
            if (await endpoint.CreateAsync(plural!, document, dryRun: true, Token) is { } refusal)
            {
                refused++;
                Assert.Contains(problems[number], problem => Fields(problem).Any(field => refusal.Contains(field, StringComparison.Ordinal)));
            }
        }

        Assert.Equal(BeyondASchema.Contains(sample), refused == 0);
    }

    [Fact]
    public async Task Rule_OverSeveralFields_RefusesSomeSample()
    {
        var server = await fixture.GetServerAsync();
        server.Version.Require(1, 25, "CEL in schemas");
        var endpoint = new ResourceEndpoint(server, await server.CreateNamespaceAsync("rules", Token));
        var refusals = new List<string>();
        foreach (var (plural, document) in Files("Invalid").SelectMany(file => ResourceEndpoint.Split(File.ReadAllText(file))).Where(document => document.Plural is not null))
        {
            refusals.Add(await endpoint.CreateAsync(plural!, document, dryRun: true, Token) ?? "");
        }

        var rules = CustomResources.Definitions().SelectMany(definition => Rules(definition.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]));

        Assert.Equal([], rules.Distinct().Where(message => !refusals.Any(refusal => refusal.Contains(message, StringComparison.Ordinal))));
    }

    // Those that name one field by its path speak of changes.
    private static IEnumerable<string> Rules(V1JSONSchemaProps schema) =>
    [
        .. (schema.XKubernetesValidations ?? []).Where(rule => rule.FieldPath is null).Select(rule => rule.Message),
        .. (schema.Properties ?? new Dictionary<string, V1JSONSchemaProps>()).Values.SelectMany(Rules),
        .. schema.Items is V1JSONSchemaProps item ? Rules(item) : [],
    ];

    // Of spec.stages[0].epochs the server may say spec.stages[0], and name the field in its words; a rule may speak of the object around it.
    private static IEnumerable<string> Fields(ManifestProblem problem) => problem.Path.Split('.').TakeLast(2).Select(field => field.Split('[')[0]);

    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Folder(folder), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
