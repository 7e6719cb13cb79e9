using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using k8s;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Pods;

/// <summary>
/// Results are what <c>kubectl patch --local --type strategic</c> gives, with two exceptions: added elements come last, and elements of one
/// key that a patch holds twice become one.
/// </summary>
public sealed class StrategicMergeTests
{
    private const string Template = """
        {
          "metadata": {"labels": {"a": "1"}, "finalizers": ["x/y"]},
          "spec": {
            "containers": [{"name": "worker", "image": "w:1", "args": ["--task"], "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
                            "ports": [{"name": "metrics", "containerPort": 9464}], "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}]}],
            "volumes": [{"name": "tmp", "emptyDir": {}}],
            "tolerations": [{"key": "gpu"}],
            "nodeSelector": {"pool": "gpu"}
          }
        }
        """;

    [Theory]
    [InlineData("""{"metadata":{"labels":{"b":"2"}}}""", "metadata.labels", """{"a":"1","b":"2"}""")]
    [InlineData("""{"metadata":{"labels":{"a":null}}}""", "metadata.labels", "{}")]
    [InlineData("""{"metadata":{"labels":{"$patch":"replace","b":"2"}}}""", "metadata.labels", """{"b":"2"}""")]
    [InlineData("""{"metadata":{"labels":{"$patch":"delete"}}}""", "metadata.labels", null)]
    [InlineData("""{"metadata":{"finalizers":["x/y","x/z"]}}""", "metadata.finalizers", """["x/y","x/z"]""")]
    [InlineData("""{"spec":{"nodeSelector":null}}""", "spec.nodeSelector", null)]
    [InlineData("""{"spec":{"affinity":{"nodeAffinity":null,"podAffinity":{}}}}""", "spec.affinity", """{"podAffinity":{}}""")]
    [InlineData("""{"spec":{"tolerations":[{"key":"spot"}]}}""", "spec.tolerations", """[{"key":"spot"}]""")]
    [InlineData("""{"spec":{"imagePullSecrets":[{"name":"r"},{"name":"r"}]}}""", "spec.imagePullSecrets", """[{"name":"r"}]""")]
    [InlineData("""{"spec":{"volumes":[{"name":"cache","emptyDir":{}}]}}""", "spec.volumes", """[{"name":"tmp","emptyDir":{}},{"name":"cache","emptyDir":{}}]""")]
    [InlineData("""{"spec":{"volumes":[{"name":"tmp","emptyDir":{"sizeLimit":"1Gi"}}]}}""", "spec.volumes", """[{"name":"tmp","emptyDir":{"sizeLimit":"1Gi"}}]""")]
    [InlineData(
        """{"spec":{"volumes":[{"name":"tmp","$retainKeys":["name","persistentVolumeClaim"],"persistentVolumeClaim":{"claimName":"c"}}]}}""",
        "spec.volumes", """[{"name":"tmp","persistentVolumeClaim":{"claimName":"c"}}]""")]
    [InlineData("""{"spec":{"volumes":[{"name":"tmp","$patch":"delete"}]}}""", "spec.volumes", "[]")]
    [InlineData("""{"spec":{"volumes":[{"name":"none","$patch":"delete"}]}}""", "spec.volumes", """[{"name":"tmp","emptyDir":{}}]""")]
    [InlineData("""{"spec":{"volumes":[{"$patch":"replace"},{"name":"mine","emptyDir":{}}]}}""", "spec.volumes", """[{"name":"mine","emptyDir":{}}]""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"worker","env":[{"name":"B","value":"3"},{"name":"C","value":"4"}]}]}}""",
        "spec.containers[0].env", """[{"name":"A","value":"1"},{"name":"B","value":"3"},{"name":"C","value":"4"}]""")]
    [InlineData("""{"spec":{"containers":[{"name":"worker","env":[{"name":"A","$patch":"delete"}]}]}}""", "spec.containers[0].env", """[{"name":"B","value":"2"}]""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"worker","env":[{"name":"A","value":null,"valueFrom":{"fieldRef":{"fieldPath":"spec.nodeName"}}}]}]}}""",
        "spec.containers[0].env[0]", """{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"spec.nodeName"}}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"worker","args":["x"]}]}}""", "spec.containers[0].args", """["x"]""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"worker","ports":[{"containerPort":9464,"protocol":"TCP"},{"containerPort":8080}]}]}}""",
        "spec.containers[0].ports", """[{"name":"metrics","containerPort":9464,"protocol":"TCP"},{"containerPort":8080}]""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"worker","volumeMounts":[{"mountPath":"/tmp","name":"other"}]}]}}""",
        "spec.containers[0].volumeMounts", """[{"name":"other","mountPath":"/tmp"}]""")]
    [InlineData("""{"spec":{"initContainers":[{"name":"setup","env":[{"name":"A"},{"name":"A","value":"1"}]}]}}""", "spec.initContainers[0].env", """[{"name":"A","value":"1"}]""")]
    public void Merge_APatch_GivesWhatKubernetesGives(string patch, string path, string? expected)
    {
        var merged = StrategicMerge.Merge(Parse(Template), Parse(patch));

        Assert.Equal(expected, At(merged, path)?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"spec":{"containers":[{"image":"x"}]}}""", "spec.containers: an element has no name")]
    [InlineData("""{"spec":{"containers":["x"]}}""", "spec.containers: an element has no name")]
    [InlineData("""{"spec":{"containers":[{"name":"worker","ports":[{"name":"x"}]}]}}""", "spec.containers[].ports: an element has no containerPort")]
    [InlineData("""{"spec":{"$setElementOrder/containers":[]}}""", "spec.$setElementOrder/containers: is not known")]
    [InlineData("""{"spec":{"$patch":"remove"}}""", "spec.$patch: is \"remove\"")]
    [InlineData("""{"spec":{"$retainKeys":"name"}}""", "spec.$retainKeys: must be a list")]
    [InlineData("""{"spec":{"containers":[null]}}""", "spec.containers: a list holds null")]
    [InlineData("""{"spec":{"tolerations":[null]}}""", "spec.tolerations: a list holds null")]
    [InlineData("""{"spec":{"volumes":[{"name":"x","projected":{"sources":[null]}}]}}""", "spec.volumes: a list holds null")]
    public void Merge_APatchThatCannotBeRead_NamesTheField(string patch, string message)
    {
        var problem = Assert.Throws<JsonException>(() => StrategicMerge.Merge(Parse(Template), Parse(patch)));

        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_AnEmptyPatch_LeavesEveryByte() => Json.Sample(template =>
        Assert.Equal(template.ToJsonString(), StrategicMerge.Merge(template, []).ToJsonString()));

    [Fact]
    public void Merge_TheSamePatchTwice_IsMergingItOnce() => Gen.Select(Json, Json).Sample((template, patch) =>
    {
        var once = StrategicMerge.Merge(template, patch);

        Assert.Equal(once.ToJsonString(), StrategicMerge.Merge(once, patch).ToJsonString());
    });

    [Fact]
    public void Merge_AnyPatch_ChangesNeitherOfItsInputs() => Gen.Select(Json, Json).Sample((template, patch) =>
    {
        var (before, asked) = (template.ToJsonString(), patch.ToJsonString());

        StrategicMerge.Merge(template, patch);

        Assert.Equal((before, asked), (template.ToJsonString(), patch.ToJsonString()));
    });

    [Fact]
    public void Merge_TheTemplateIntoNothing_IsTheTemplate() => Json.Sample(template =>
        Assert.Equal(template.ToJsonString(), StrategicMerge.Merge([], template).ToJsonString()));

    [Fact]
    public void Merge_TheOperatorsOwnPodIntoItself_ChangesNothing()
    {
        var template = Parse(KubernetesJson.Serialize(TestPods.Plan().Template));

        Assert.Equal(template.ToJsonString(), StrategicMerge.Merge(template, template).ToJsonString());
    }

    /// <summary>Pieces of pod templates: labels, containers with variables and mounts, volumes, tolerations.</summary>
    private static Gen<JsonObject> Json { get; } = Gen.Select(
        Named("name", Gen.Select(Named("name", Text("value")), Named("mountPath", Text("name")), Gen.Bool).Select((env, mounts, both) =>
            both ? new JsonObject { ["env"] = env, ["volumeMounts"] = mounts } : new JsonObject { ["env"] = env })),
        Named("name", Gen.Int[0, 9].Select(size => new JsonObject { ["emptyDir"] = new JsonObject { ["sizeLimit"] = $"{size}Gi" } })),
        Gen.Char["abc"].Array[0, 3],
        Gen.Dictionary(Gen.Char["abc"].Select(letter => $"{letter}"), Gen.Int[0, 9])[0, 3])
        .Select((containers, volumes, tolerations, labels) => new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject([.. labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)$"{label.Value}"))]) },
            ["spec"] = new JsonObject
            {
                ["containers"] = containers,
                ["volumes"] = volumes,
                ["tolerations"] = new JsonArray([.. tolerations.Select(key => (JsonNode)new JsonObject { ["key"] = $"{key}" })]),
            },
        });

    private static Gen<JsonObject> Text(string field) => Gen.Int[0, 9].Select(value => new JsonObject { [field] = $"{value}" });

    private static Gen<JsonArray> Named(string key, Gen<JsonObject> element) =>
        Gen.Dictionary(Gen.Char["abc"].Select(letter => $"{letter}"), element)[0, 3].Select(elements => new JsonArray(
        [
            .. elements.Select(entry =>
            {
                var named = entry.Value.DeepClone().AsObject();
                named.Insert(0, key, entry.Key);
                return (JsonNode)named;
            }),
        ]));

    private static JsonNode? At(JsonObject root, string path) => path.Replace("[", ".[", StringComparison.Ordinal).Split('.')
        .Aggregate((JsonNode?)root, (node, part) => part[0] == '[' ? node?[part[1] - '0'] : node?[part]);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
